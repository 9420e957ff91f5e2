// @vitest-environment happy-dom
import { afterEach, expect, it, vi } from 'vitest';
import { effectScope, nextTick, ref } from 'vue';
import { loadWhenListed } from '../../src/connection/loadWhenListed';

const scopes: ReturnType<typeof effectScope>[] = [];
afterEach(() => {
  for (const scope of scopes.splice(0)) scope.stop();
});
const settle = async () => {
  for (let turn = 0; turn < 5; turn++) await nextTick();
};

function setup(isListed = true) {
  const listed = ref(isListed);
  const load = vi.fn(async () => () => 'desk');
  const scope = effectScope();
  scopes.push(scope);
  const start = () => {
    const made = scope.run(() => loadWhenListed(listed, load));
    if (!made) throw new Error('no scope');
    return made;
  };
  return { listed, load, start, leave: () => scope.stop() };
}

it('loads once, when the chats are there', async () => {
  const { listed, load, start } = setup(false);
  const { value, retry } = start();
  retry();
  await settle();
  expect(load).not.toHaveBeenCalled();
  listed.value = true;
  await settle();
  dispatchEvent(new Event('online'));
  await settle();
  expect([value.value, load.mock.calls.length]).toEqual(['desk', 1]);
});

it('what failed is tried again when the network is back, and by hand', async () => {
  const { load, start } = setup();
  load.mockRejectedValueOnce(new Error('away')).mockRejectedValueOnce(new Error('away'));
  const { value, failed, retry } = start();
  await settle();
  expect([value.value, failed.value]).toEqual([null, true]);
  dispatchEvent(new Event('online'));
  await settle();
  expect([value.value, failed.value]).toEqual([null, true]);
  retry();
  await settle();
  expect([value.value, failed.value, load.mock.calls.length]).toEqual(['desk', false, 3]);
});

it('who left has nothing made, and asks no more', async () => {
  const { load, start, leave } = setup();
  load.mockRejectedValueOnce(new Error('away'));
  const { value } = start();
  await settle();
  leave();
  dispatchEvent(new Event('online'));
  await settle();
  expect([value.value, load.mock.calls.length]).toEqual([null, 1]);
});
