import type { OwnProfile } from '@chat/sdk';
import { expect, it, vi } from 'vitest';
import { useProfile } from '../../src/settings/profile/useProfile';
import { useVerification } from '../../src/settings/profile/useVerification';
import { quietClient, scoped, settle } from './heard';

const anna: OwnProfile = {
  principalId: 1,
  name: 'Anna',
  email: 'anna@example.org',
  emailVerified: false,
  phone: null,
  phoneVerified: false,
  about: 'At work',
  avatar: null,
};

function setup() {
  let stored = anna;
  const people = {
    profile: vi.fn(async () => stored),
    updateProfile: vi.fn(async (change: { name?: string; about?: string }) => {
      stored = { ...stored, ...change, about: (change.about ?? stored.about) || null };
      return stored;
    }),
  };
  const learnName = vi.fn();
  const { client, changed } = quietClient();
  const own = scoped(() => useProfile({ client, learnName }, people, (fault) => (fault as Error).message));
  const elsewhere = (change: Partial<OwnProfile>) => {
    stored = { ...stored, ...change };
    changed('profile');
    return settle();
  };
  return { ...own, people, learnName, elsewhere };
}

it('only what is another than before is sent, and the name learnt', async () => {
  const { form, isChanged, save, people, learnName } = setup();
  await settle();
  expect([form.name, form.about, isChanged.value]).toEqual(['Anna', 'At work', false]);
  form.name = ' Anna Maria ';
  expect([isChanged.value, await save()]).toEqual([true, true]);
  expect([form.name, isChanged.value]).toEqual(['Anna Maria', false]);
  form.about = '';
  await save();
  expect(people.updateProfile.mock.calls).toEqual([[{ name: 'Anna Maria' }], [{ about: '' }]]);
  expect(learnName).toHaveBeenLastCalledWith('Anna Maria');
});

it('what is being written is not lost to a change on another device', async () => {
  const { form, isChanged, profile, elsewhere } = setup();
  await settle();
  await elsewhere({ about: 'Away' });
  expect(form.about).toBe('Away');
  form.name = 'Ann';
  await elsewhere({ about: 'Back' });
  expect([form.name, profile.value?.about, isChanged.value]).toEqual(['Ann', 'Back', true]);
});

it('a refusal is told, and what was written stays', async () => {
  const { form, save, error, people } = setup();
  await settle();
  form.name = 'x';
  people.updateProfile.mockRejectedValueOnce(new Error('too short'));
  expect([await save(), error.value, form.name]).toEqual([false, 'too short', 'x']);
});

it('an address is verified by its code; a wrong one may be tried again', async () => {
  const confirmVerification = vi.fn(async () => undefined).mockRejectedValueOnce(new Error('wrong'));
  const own = useVerification({ sendVerification: async () => 'a…@example.org', confirmVerification }, (fault) => (fault as Error).message);
  expect(await own.send('email')).toBe(true);
  expect([own.waiting.value, own.sentTo.value]).toEqual(['email', 'a…@example.org']);
  own.code.value = ' 1234 5678 ';
  expect([await own.confirm(), own.error.value, own.waiting.value]).toEqual([false, 'wrong', 'email']);
  expect([await own.confirm(), own.error.value, own.waiting.value]).toEqual([true, '', null]);
  expect(confirmVerification).toHaveBeenLastCalledWith('email', '1234 5678');
});
