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

/** Answers of `updatePrivacy` that the test gives one by one. */
function held({ people }: ReturnType<typeof setup>) {
  const answers: { store: (all: PrivacySettings) => void; refuse: (fault: Error) => void }[] = [];
  people.updatePrivacy.mockImplementation(() => new Promise((store, refuse) => void answers.push({ store, refuse })));
  return answers;
}

it('what is changed before the first answer is shown, and sent together after it', async () => {
  const own = setup();
  const answers = held(own);
  const { privacy, busy, change, people } = own;
  await settle();
  const changing = [change({ lastSeen: 'nobody' }), change({ about: 'contacts' }), change({ readReceipts: false })];
  await settle();
  expect(people.updatePrivacy.mock.calls).toEqual([[{ lastSeen: 'nobody' }]]);
  expect(privacy.value).toEqual({ ...all, lastSeen: 'nobody', about: 'contacts', readReceipts: false });
  answers[0]?.store({ ...all, lastSeen: 'nobody' });
  await settle();
  expect(people.updatePrivacy.mock.calls.slice(1)).toEqual([[{ about: 'contacts', readReceipts: false }]]);
  expect([privacy.value?.about, busy.value]).toEqual(['contacts', true]);
  answers[1]?.store({ ...all, lastSeen: 'nobody', about: 'contacts', readReceipts: false });
  await Promise.all(changing);
  expect(privacy.value).toEqual({ ...all, lastSeen: 'nobody', about: 'contacts', readReceipts: false });
  expect(busy.value).toBe(false);
});

it('one that is refused takes nothing away of what was changed after it', async () => {
  const own = setup();
  const answers = held(own);
  const { privacy, change, people, onFault, store } = own;
  await settle();
  const changing = [change({ lastSeen: 'nobody' }), change({ about: 'contacts' })];
  answers[0]?.refuse(new Error('refused'));
  await settle();
  expect([privacy.value?.lastSeen, privacy.value?.about, onFault.mock.calls.length]).toEqual(['everyone', 'contacts', 1]);
  expect(people.updatePrivacy).toHaveBeenLastCalledWith({ about: 'contacts' });
  store({ ...all, about: 'contacts' });
  answers[1]?.store({ ...all, about: 'contacts' });
  await Promise.all(changing);
  await settle();
  expect([privacy.value, people.privacy.mock.calls.length]).toEqual([{ ...all, about: 'contacts' }, 2]);
});

it('what was asked for before a change is no answer after it', async () => {
  const { privacy, change, people, changed } = setup();
  await settle();
  let answer: (found: PrivacySettings) => void = () => undefined;
  people.privacy.mockImplementationOnce(() => new Promise((resolve) => (answer = resolve)));
  changed('profile');
  await change({ calls: 'nobody' });
  answer(all);
  await settle();
  expect([privacy.value?.calls, people.privacy.mock.calls.length]).toEqual(['nobody', 3]);
});
