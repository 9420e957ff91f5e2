import type { PrivacySettings } from '@chat/sdk';
import { expect, it, vi } from 'vitest';
import { usePrivacy } from '../../src/settings/privacy/usePrivacy';
import { quietClient, scoped, settle } from './heard';

const all: PrivacySettings = { lastSeen: 'everyone', profilePhoto: 'everyone', about: 'everyone', readReceipts: true, calls: 'everyone' };

function setup() {
  let stored = all;
  const people = {
    privacy: vi.fn(async () => stored),
    updatePrivacy: vi.fn(async (wish: Partial<PrivacySettings>) => {
      stored = { ...stored, ...wish };
      return stored;
    }),
  };
  const onFault = vi.fn();
  const { client, changed, online } = quietClient();
  const store = (next: PrivacySettings) => {
    stored = next;
  };
  return { ...scoped(() => usePrivacy(client, people, onFault)), people, onFault, changed, online, store };
}

it('a change is shown at once, and sent alone', async () => {
  const { privacy, change, people } = setup();
  await settle();
  const changing = change({ lastSeen: 'nobody' });
  expect(privacy.value?.lastSeen).toBe('nobody');
  await changing;
  expect(people.updatePrivacy.mock.calls).toEqual([[{ lastSeen: 'nobody' }]]);
  expect(privacy.value).toEqual({ ...all, lastSeen: 'nobody' });
});

it('one that is refused is taken back and told', async () => {
  const { privacy, change, people, onFault } = setup();
  await settle();
  const fault = new Error('refused');
  people.updatePrivacy.mockRejectedValueOnce(fault);
  await change({ readReceipts: false });
  expect([privacy.value?.readReceipts, onFault.mock.calls]).toEqual([true, [[fault]]]);
});

it('follows another device, and asks again after a reconnect', async () => {
  const { privacy, changed, online, store } = setup();
  await settle();
  store({ ...all, about: 'contacts' });
  changed('contact', 2);
  await settle();
  expect(privacy.value?.about).toBe('everyone');
  changed('profile');
  await settle();
  expect(privacy.value?.about).toBe('contacts');
  store({ ...all, calls: 'nobody' });
  online();
  await settle();
  expect(privacy.value?.calls).toBe('nobody');
});

it('says that it could not be loaded, and is asked again', async () => {
  const { client } = quietClient();
  const privacy = vi.fn(async () => all).mockRejectedValueOnce(new Error('away'));
  const own = scoped(() => usePrivacy(client, { privacy, updatePrivacy: async () => all }, vi.fn()));
  await settle();
  expect([own.state.value, own.privacy.value]).toEqual(['failed', null]);
  await own.refresh();
  expect([own.state.value, own.privacy.value]).toEqual(['done', all]);
});
