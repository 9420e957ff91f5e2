import { expect, it } from 'vitest';
import { parseDemoAccounts } from '../../src/account/useDemoAccounts';

const account = { name: 'Anna', login: 'anna@example.com', password: 'x' };

it('demo accounts are read bare or under data, and nothing that is not an account', () => {
  expect(parseDemoAccounts({ accounts: [account] })).toEqual([account]);
  expect(parseDemoAccounts({ data: { accounts: [account] } })).toEqual([account]);
  expect(parseDemoAccounts({ accounts: [account, { name: 'x' }, null, 3] })).toEqual([account]);
  for (const bad of [null, 1, 'x', {}, { accounts: {} }]) expect(parseDemoAccounts(bad)).toEqual([]);
});
