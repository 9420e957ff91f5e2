import { expect, test } from 'vitest';
import { ChatError } from '../src/errors.js';
import { LivePeople } from '../src/people/live-people.js';

type Call = { method: string; path: string; body: unknown };

function peopleWith(answer: (call: Call) => unknown): { people: LivePeople; calls: Call[] } {
  const calls: Call[] = [];
  const people = new LivePeople(async (method, path, body) => {
    const call = { method, path, body };
    calls.push(call);
    return answer(call);
  });
  return { people, calls };
}

const contact = (principalId: number) => ({
  principalId,
  name: `P${principalId}`,
  ownName: null,
  favourite: principalId === 2,
  blocked: false,
  addedAt: '2026-01-01T00:00:00+00:00',
});

test('contacts are read page after page', async () => {
  const { people, calls } = peopleWith(({ path }) =>
    path.includes('after=') ? { items: [contact(3)] } : { items: [contact(1), contact(2)], nextCursor: '2' },
  );

  const all = await people.contacts();

  expect(all.map((one) => [one.principalId, one.favourite, one.ownName, one.about])).toEqual([
    [1, false, null, null],
    [2, true, null, null],
    [3, false, null, null],
  ]);
  expect(calls.map((call) => call.path)).toEqual(['/api/contacts?limit=200', '/api/contacts?limit=200&after=2']);
});

test('somebody who is no contact is null, and another failure is thrown', async () => {
  const none = peopleWith(() => {
    throw new ChatError(211, 'none of yours');
  });
  const refused = peopleWith(() => {
    throw new ChatError(300, 'sign in');
  });

  expect(await none.people.findContact(7)).toBeNull();
  await expect(refused.people.findContact(7)).rejects.toThrow('sign in');
});

test('a person is found by a login, or is nobody', async () => {
  const { people, calls } = peopleWith(({ path }) => {
    if (path.endsWith('ben%40demo.example')) return { principalId: 2, name: 'Ben' };
    throw new ChatError(206, 'nobody');
  });
  expect(await people.findPerson('ben@demo.example')).toEqual({ principalId: 2, name: 'Ben' });
  expect(await people.findPerson('+49')).toBeNull();
  expect(calls.map(({ path }) => path)).toEqual(['/api/people?login=ben%40demo.example', '/api/people?login=%2B49']);
});

test('what is changed goes out as it is, and a strange answer is refused', async () => {
  const privacy = { lastSeen: 'nobody', profilePhoto: 'everyone', about: 'contacts', readReceipts: false, calls: 'contacts' };
  const { people, calls } = peopleWith(({ path }) => (path === '/api/privacy' ? privacy : undefined));

  expect(await people.updatePrivacy({ lastSeen: 'nobody' })).toEqual(privacy);
  await people.block(7);
  await people.unblock(7);

  expect(calls.map(({ method, path, body }) => [method, path, body])).toEqual([
    ['PUT', '/api/privacy', { lastSeen: 'nobody' }],
    ['PUT', '/api/blocks/7', undefined],
    ['DELETE', '/api/blocks/7', undefined],
  ]);
  await expect(people.profile()).rejects.toThrow("no good 'principalId'");
  await expect(people.blocks()).rejects.toThrow("no good 'items'");
});
