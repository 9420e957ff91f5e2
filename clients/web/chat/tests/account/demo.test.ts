// @vitest-environment happy-dom
import { afterEach, expect, it, vi } from 'vitest';
import { createApp, h } from 'vue';
import { parseDemo, useDemo } from '../../src/account/useDemo';

afterEach(() => vi.unstubAllGlobals());

const account = { name: 'Anna', login: 'anna@example.com', password: 'x' };

it('reads demo accounts, and nothing that is not an account', () => {
  expect(parseDemo({ accounts: [account, { name: 'x' }, null, 3] }).accounts).toEqual([account]);
  for (const bad of [null, 1, 'x', {}, { accounts: {} }]) expect(parseDemo(bad)).toEqual({ accounts: [], codesInLog: [] });
});

it('believes that codes are in the log where that is said, and only so', () => {
  expect(parseDemo({ accounts: [], codesInLog: ['email', 7] }).codesInLog).toEqual(['email']);
  expect(parseDemo({ accounts: [], codesInLog: 'email' }).codesInLog).toEqual([]);
});

/** As many parts of a page as need it, and what each of them has a moment later. */
async function parts(count: number): Promise<string[]> {
  const part = {
    setup() {
      const demo = useDemo();
      return () => h('p', demo.value.accounts.map(({ name }) => name).join());
    },
  };
  const root = document.createElement('div');
  const app = createApp(() => Array.from({ length: count }, () => h(part)));
  app.mount(root);
  await new Promise((resolve) => setTimeout(resolve, 0));
  const shown = [...root.querySelectorAll('p')].map(({ textContent }) => textContent ?? '');
  app.unmount();
  return shown;
}

it('is asked for once by all parts of a page, and again where nothing was answered', async () => {
  const fetch = vi.fn(async () => Promise.reject(new TypeError('no server')) as Promise<Response>);
  vi.stubGlobal('fetch', fetch);
  expect(await parts(2)).toEqual(['', '']);
  fetch.mockResolvedValue(new Response('', { status: 503 })); // it starts
  expect(await parts(1)).toEqual(['']);
  fetch.mockResolvedValue(Response.json({ accounts: [account], codesInLog: ['email'] }));
  expect(await parts(2)).toEqual(['Anna', 'Anna']);
  expect(await parts(1)).toEqual(['Anna']);
  expect(fetch).toHaveBeenCalledTimes(3);
});
