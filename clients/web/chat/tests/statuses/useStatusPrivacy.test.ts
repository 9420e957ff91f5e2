import type { Contact, Statuses } from '@chat/sdk';
import { expect, it, vi } from 'vitest';
import { useStatusPrivacy } from '../../src/statuses/useStatusPrivacy';

const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

async function setup(stored: Awaited<ReturnType<Statuses['privacy']>>) {
  const statuses = { privacy: vi.fn(async () => stored), setPrivacy: vi.fn(async (privacy: object) => privacy as never) };
  const privacy = useStatusPrivacy(statuses, { contacts: async () => [{ principalId: 2 }, { principalId: 3 }] as Contact[] });
  await settle();
  return { ...privacy, saved: statuses.setPrivacy };
}

it('those who are left out are not those who alone are let in', async () => {
  const { state, audience, chosen, canSave, save, saved } = await setup({ audience: 'contacts_except', people: [2] });
  expect([state.value, audience.value, [...chosen.value.contacts_except]]).toEqual(['ready', 'contacts_except', [2]]);
  audience.value = 'only';
  expect([chosen.value.only.size, canSave.value]).toEqual([0, false]);
  await save();
  expect(saved).not.toHaveBeenCalled();
  chosen.value.only.add(3);
  expect(canSave.value).toBe(true);
  await save();
  expect(saved).toHaveBeenLastCalledWith({ audience: 'only', people: [3] });
  audience.value = 'contacts_except';
  await save();
  expect(saved).toHaveBeenLastCalledWith({ audience: 'contacts_except', people: [2] });
});

it('an audience of all contacts names nobody; one that leaves out nobody is none', async () => {
  const { audience, canSave, save, saved } = await setup({ audience: 'contacts', people: [] });
  expect(canSave.value).toBe(true);
  audience.value = 'contacts_except';
  expect(canSave.value).toBe(false);
  audience.value = 'contacts';
  await save();
  expect(saved.mock.calls).toEqual([[{ audience: 'contacts', people: [] }]]);
});

it('one that this page does not know is not saved over until another is chosen', async () => {
  const { audience, isUnknown, canSave, save, saved } = await setup({ audience: 'unknown', people: [2] });
  expect([audience.value, isUnknown.value, canSave.value]).toEqual([null, true, false]);
  await save();
  expect(saved).not.toHaveBeenCalled();
});
