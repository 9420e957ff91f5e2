import type { BlockedPerson } from '@chat/sdk';
import { expect, it, vi } from 'vitest';
import { useBlocking } from '../../src/conversation/useBlocking';
import { useBlocks } from '../../src/settings/privacy/useBlocks';
import { quietClient, scoped, settle } from './heard';

const person = (principalId: number, day: number): BlockedPerson => ({
  principalId,
  name: `p${principalId}`,
  blockedAt: `2026-01-0${day}T00:00:00Z`,
});

it('who was blocked last comes first, and goes when unblocked', async () => {
  const { client, changed } = quietClient();
  let stored = [person(1, 1), person(2, 3)];
  const people = { blocks: async () => [...stored], unblock: vi.fn(async () => undefined) };
  const { blocked, unblock } = scoped(() => useBlocks(client, people));
  await settle();
  const ids = () => blocked.value.map((one) => one.principalId);
  expect(ids()).toEqual([2, 1]);
  await unblock(2);
  expect(ids()).toEqual([1]);
  stored = [person(3, 4)];
  changed('block', 3);
  await settle();
  expect(ids()).toEqual([3]);
});

it('who could not be unblocked stays', async () => {
  const unblock = vi.fn(async () => Promise.reject(new Error('away')));
  const own = scoped(() => useBlocks(quietClient().client, { blocks: async () => [person(1, 1)], unblock }));
  await settle();
  await expect(own.unblock(1)).rejects.toThrow('away');
  expect([own.blocked.value.length, own.busyWith.value]).toEqual([1, null]);
});

it('whether one person is blocked is known when it was asked for, and follows other devices', async () => {
  const { client, changed } = quietClient();
  let stored: BlockedPerson[] = [];
  const people = { blocks: async () => stored, block: vi.fn(async () => undefined), unblock: vi.fn(async () => undefined) };
  const onFault = vi.fn();
  const { blocked, set } = scoped(() => useBlocking(1, client, people, onFault));
  expect(blocked.value).toBeNull();
  await settle();
  expect(blocked.value).toBe(false);
  await set(true);
  expect([blocked.value, people.block.mock.calls]).toEqual([true, [[1]]]);
  changed('block', 2);
  await settle();
  expect(blocked.value).toBe(true);
  changed('block', 1);
  await settle();
  expect(blocked.value).toBe(false);
  stored = [person(1, 1)];
  people.block.mockRejectedValueOnce(new Error('no answer'));
  await set(true);
  await settle();
  expect([blocked.value, onFault.mock.calls.length]).toEqual([true, 1]);
});
