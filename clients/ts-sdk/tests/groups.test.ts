import { afterEach, expect, test, vi } from 'vitest';
import { createGroups } from '../src/chats/groups.js';
import { me } from './support/fake-server.js';
import { online } from './support/world.js';

const calls: unknown[] = [];

/** The REST interface, which makes group 7. */
function answering(): void {
  calls.length = 0;
  vi.stubGlobal('fetch', async (url: URL, init: RequestInit) => {
    const { method, body } = init;
    calls.push([method, url.pathname, ...(body === undefined ? [] : [JSON.parse(String(body))])]);
    return url.pathname === '/api/groups' ? Response.json({ chatId: 7 }) : new Response(null, { status: 204 });
  });
}

afterEach(() => void vi.unstubAllGlobals());

test('a group that one made is in the list when it is given, and what is in it since is news', async () => {
  const made = await online();
  answering();
  const chat = made.server.addChat(7);
  chat.append('', me, { kind: 2, text: 'Sailors' });
  chat.append('', me, { kind: 3, text: null, subjectId: 5 });
  const group = await createGroups(made.client).create('Sailors', [5]);
  await made.clock.advance(0);
  expect(group.id).toBe(7);
  expect(made.client.chats.items.map(({ chatId }) => chatId)).toEqual([7]);
  expect(made.heard.map(({ sequence, kind }) => [sequence, kind])).toEqual([
    [1, 'chat_created'],
    [2, 'member_added'],
  ]);
  expect(calls).toEqual([['POST', '/api/groups', { name: 'Sailors', memberIds: [5] }]]);
});

test('each change is one call', async () => {
  const made = await online();
  answering();
  const groups = createGroups(made.client);
  await groups.rename(7, 'Rowers');
  await groups.add(7, [5, 6]);
  await groups.remove(7, 5);
  await groups.setRole(7, 6, 'admin');
  await groups.leave(7);
  expect(calls).toEqual([
    ['PUT', '/api/groups/7', { name: 'Rowers' }],
    ['POST', '/api/groups/7/members', { memberIds: [5, 6] }],
    ['DELETE', '/api/groups/7/members/5'],
    ['PUT', '/api/groups/7/members/6', { role: 'admin' }],
    ['POST', '/api/groups/7/leave'],
  ]);
});
