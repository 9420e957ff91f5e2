import type { Contact } from '@chat/sdk';
import { expect, it, vi } from 'vitest';
import { useContacts } from '../../src/settings/contacts/useContacts';
import { quietClient, scoped, settle } from './heard';

const contact = (principalId: number, name: string, over: Partial<Contact> = {}): Contact => ({
  principalId,
  name,
  ownName: null,
  favourite: false,
  statusesMuted: false,
  blocked: false,
  about: null,
  avatar: null,
  addedAt: '2026-01-01T00:00:00Z',
  ...over,
});

function setup(...stored: Contact[]) {
  const people = {
    contacts: vi.fn(async () => stored),
    putContact: vi.fn(async (principalId: number, kept: { name?: string; favourite?: boolean } = {}) =>
      contact(principalId, `p${principalId}`, { ownName: kept.name ?? null, favourite: kept.favourite ?? false }),
    ),
    removeContact: vi.fn(async () => undefined),
    block: vi.fn(async () => undefined),
    unblock: vi.fn(async () => undefined),
  };
  const { client, changed } = quietClient();
  const own = scoped(() => useContacts(client, people, 'en'));
  return { ...own, people, changed, names: () => own.shown.value.map(({ principalId }) => principalId) };
}

it('favourites come first, each by the name that is shown', async () => {
  const { names } = setup(
    contact(1, 'Zoe'),
    contact(2, 'émile'),
    contact(3, 'Ben', { ownName: 'Zz' }),
    contact(4, 'Yan', { favourite: true }),
  );
  await settle();
  expect(names()).toEqual([4, 2, 1, 3]);
});

it('is filtered by own names and those that people gave themselves', async () => {
  const { names, query } = setup(contact(1, 'Zoe'), contact(2, 'Ben', { ownName: 'Boss' }));
  await settle();
  query.value = ' bEN';
  expect(names()).toEqual([2]);
  query.value = 'boss';
  expect(names()).toEqual([2]);
  query.value = 'x';
  expect(names()).toEqual([]);
});

it('a new name keeps the favourite, and a favourite keeps the name', async () => {
  const boss = contact(2, 'Ben', { ownName: 'Boss', favourite: true });
  const { rename, setFavourite, people } = setup(boss);
  await settle();
  await rename(boss, ' Chef ');
  await setFavourite(boss, false);
  await rename(boss, ' ');
  expect(people.putContact.mock.calls).toEqual([
    [2, { name: 'Chef', favourite: true }],
    [2, { name: 'Boss', favourite: false }],
    [2, { favourite: true }],
  ]);
});

it('shows what was done at once, and what is done elsewhere', async () => {
  const stored = [contact(1, 'Zoe')];
  const { names, add, remove, setBlocked, shown, has, changed } = setup(...stored);
  await settle();
  await add(5);
  expect([names(), has(5)]).toEqual([[5, 1], true]);
  const [first] = shown.value;
  if (!first) throw new Error('nobody');
  await setBlocked(first, true);
  expect(shown.value[0]?.blocked).toBe(true);
  await remove(first);
  expect(names()).toEqual([1]);
  changed('contact', 7);
  await settle();
  expect(names()).toEqual([1]);
});

it('one that is refused changes nothing', async () => {
  const { names, remove, shown, people } = setup(contact(1, 'Zoe'));
  await settle();
  people.removeContact.mockRejectedValueOnce(new Error('away'));
  const [first] = shown.value;
  if (!first) throw new Error('nobody');
  await expect(remove(first)).rejects.toThrow('away');
  expect(names()).toEqual([1]);
});
