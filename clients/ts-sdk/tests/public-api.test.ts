import { beforeAll, expect, test } from 'vitest';
import { type Entry, listing, readPublicApi } from '../scripts/public-api.mjs';

let entries: readonly Entry[] = [];

beforeAll(() => {
  entries = readPublicApi();
}, 60_000);

test('the public surface is the listed one: npx vitest run tests/public-api.test.ts -u writes it anew, to be looked at in review', async () => {
  expect(entries.map(({ entry }) => entry)).toContain('@chat/sdk');
  await expect(listing(entries)).toMatchFileSnapshot('public-api.txt');
});

test('every function and class says what it is for', () => {
  const silent = entries.flatMap(({ entry, exported }) =>
    exported.filter(({ kind, doc }) => (kind === 'function' || kind === 'class') && doc === '').map(({ name }) => `${entry} ${name}`),
  );
  expect(silent).toEqual([]);
});

test('both bindings have the same names', () => {
  const hooks = (entry: string): string[] | undefined =>
    entries
      .find((one) => one.entry === entry)
      ?.exported.filter(({ kind, name }) => kind === 'function' && name.startsWith('use'))
      .map(({ name }) => name);
  expect(hooks('@chat/sdk/vue')).toEqual(hooks('@chat/sdk/react'));
  expect(hooks('@chat/sdk/vue')).toHaveLength(11);
});
