import { expect, it } from 'vitest';
import { parseDemo } from '../../src/account/useDemo';

const account = { name: 'Anna', login: 'anna@example.com', password: 'x' };

it('reads demo accounts, and nothing that is not an account', () => {
  expect(parseDemo({ accounts: [account, { name: 'x' }, null, 3] }).accounts).toEqual([account]);
  for (const bad of [null, 1, 'x', {}, { accounts: {} }]) expect(parseDemo(bad)).toEqual({ accounts: [], codesInLog: false });
});

it('believes that codes are in the log where that is said, and only so', () => {
  expect(parseDemo({ accounts: [], codesInLog: true }).codesInLog).toBe(true);
  expect(parseDemo({ accounts: [], codesInLog: 'yes' }).codesInLog).toBe(false);
});
