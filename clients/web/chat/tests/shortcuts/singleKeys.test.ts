// @vitest-environment happy-dom
import { afterEach, expect, it, vi } from 'vitest';

afterEach(() => {
  localStorage.clear();
  vi.resetModules();
});
const load = async () => (await import('../../src/shortcuts/singleKeys')).useSingleKeys();

it('shortcuts of a single key are on until they are turned off, and stay off', async () => {
  const first = await load();
  expect(first.value).toBe(true);
  first.value = false;
  vi.resetModules();
  const second = await load();
  expect(second.value).toBe(false);
  second.value = true;
  expect(localStorage.length).toBe(0);
});
