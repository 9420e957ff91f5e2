import { expect, test } from 'vitest';
import type { WireEvent } from '../src/frames/elements.js';
import { followNotices, LiveNotices, type NoticesChange } from '../src/notices/notices.js';
import { me, peer } from './support/fake-server.js';
import { online, type World } from './support/world.js';

const none = {
  chatId: null,
  chatName: null,
  sequence: null,
  text: null,
  content: null,
  emoji: null,
  role: null,
  callId: null,
  deviceId: null,
  passkeyId: null,
  name: null,
};
const reply = {
  ...none,
  id: 'reply-7-9',
  kind: 'reply',
  at: '2030-01-01T09:00:00+00:00',
  read: false,
  actorId: 42,
  chatId: 7,
  sequence: 9,
};

test('each call goes where it should', async () => {
  const calls: [string, string, unknown][] = [];
  const notices = new LiveNotices(async (method, path, body) => {
    calls.push([method, path, body]);
    if (path.endsWith('/unread')) return { count: 3, readUpTo: reply.at };
    return { items: [{ ...reply, chatName: 'Engine room', text: 'Aye' }], nextCursor: '1-0-0-0....' };
  });

  expect(await notices.list({ cursor: '2-0-0-0....', limit: 5 })).toEqual({
    notices: [{ ...reply, chatName: 'Engine room', text: 'Aye' }],
    nextCursor: '1-0-0-0....',
  });
  await notices.list();
  expect(await notices.unread()).toEqual({ count: 3, readUpTo: reply.at });
  await notices.markRead(reply.at);
  await notices.markRead(new Date(reply.at));

  expect(calls).toEqual([
    ['GET', '/api/notices?cursor=2-0-0-0....&limit=5', undefined],
    ['GET', '/api/notices', undefined],
    ['GET', '/api/notices/unread', undefined],
    ['POST', '/api/notices/read', { upTo: reply.at }],
    ['POST', '/api/notices/read', { upTo: new Date(reply.at) }],
  ]);
});

test('every kind is read with what it has, and what a later version says is unknown', async () => {
  const items = [
    { ...reply, kind: 'reaction', emoji: '👍', content: 'voice' },
    { ...reply, kind: 'role_changed', role: 'admin' },
    { ...reply, kind: 'missed_call', callId: 70 },
    { ...reply, kind: 'sign_in', deviceId: 31, name: 'laptop', read: true },
    { ...reply, kind: 'passkey_added', passkeyId: 4, name: 'key ring' },
  ];
  const later = { ...reply, kind: 'new_visitor', role: 'captain', content: 'hologram' };
  const notices = new LiveNotices(async () => ({ items: [...items, later] }));

  const page = await notices.list();

  expect(page.nextCursor).toBeNull();
  expect(page.notices).toEqual([...items, { ...later, kind: 'unknown', role: 'unknown', content: 'unknown' }]);
});

async function followed(random = () => 0): Promise<World & { told: NoticesChange[]; stop: () => void }> {
  const made = await online({}, (server) => {
    const chat = server.addChat(7, 2);
    chat.append('mine', me);
    chat.append('theirs');
  });
  await made.client.chat(7).open();
  const told: NoticesChange[] = [];
  const stop = followNotices(made.client, (change) => told.push(change), { clock: made.clock, random });
  return { ...made, told, stop };
}

function say({ server }: World, more: Partial<WireEvent>, senderId = peer): void {
  const chat = server.chats.get(7);
  if (chat === undefined) throw new Error('no chat');
  server.connection.event(chat.append('text', senderId, more));
}

function tell({ server }: World, kind: number, text: string | null = null, replyTo: number | null = null): void {
  server.connection.event({ ...server.inbox.append('', me, { kind, text, subjectId: 8 }), replyTo });
}

const naming = (principalId: number): Partial<WireEvent> => ({
  content: { kind: 'text', marks: [{ kind: 'mention', start: 0, length: 4, principalId }] },
});

test('the inbox tells of others at once, and how far they are read elsewhere', async () => {
  const made = await followed();
  for (const [kind, text] of [[48, 'laptop'] as const, [49, 'key ring'] as const, [43, 'missed'] as const]) {
    tell(made, kind, text);
    await made.clock.advance(0);
  }
  expect(made.told).toEqual([{ readUpTo: null }, { readUpTo: null }, { readUpTo: null }]);

  for (const [kind, text] of [[43, 'ended'] as const, [36, null] as const, [47, null] as const]) tell(made, kind, text);
  tell(made, 47, null, Date.parse('2030-01-01T09:00:00Z'));
  await made.clock.advance(0);

  expect(made.told.slice(3)).toEqual([{ readUpTo: '2030-01-01T09:00:00.000Z' }]);
});

test('what in a chat is for one is told, a reply when it can be found, and for many once', async () => {
  const made = await followed();
  for (const more of [naming(me), { kind: 12, replyTo: 1, text: '👍' }, { kind: 7, subjectId: me, role: 2, text: null }]) {
    say(made, more);
    await made.clock.advance(0);
  }
  expect(made.told).toHaveLength(3);

  say(made, { replyTo: 1 });
  say(made, { replyTo: 1 });
  await made.clock.advance(2_999);
  expect(made.told).toHaveLength(3);
  await made.clock.advance(1);
  expect(made.told).toHaveLength(4);
});

test('a reply that comes while another one waits is told when it can be found, too', async () => {
  const made = await followed();
  say(made, { replyTo: 1 });
  await made.clock.advance(1_000);
  say(made, { replyTo: 1 });
  await made.clock.advance(1_900);
  say(made, { replyTo: 1 });
  await made.clock.advance(99);
  expect(made.told).toEqual([]);
  await made.clock.advance(1);
  expect(made.told).toHaveLength(1);

  await made.clock.advance(2_899);
  expect(made.told).toHaveLength(1);
  await made.clock.advance(1);
  expect(made.told).toHaveLength(2);

  await made.clock.advance(10_000);
  expect(made.told).toHaveLength(2);
});

test('what is due sooner does not wait for what came before it', async () => {
  let part = 1;
  const made = await followed(() => part);
  const members = made.client.chat(7).summary?.memberCount ?? 0;
  say(made, naming(me));
  part = 0;
  say(made, naming(me));
  await made.clock.advance(0);
  expect(made.told).toHaveLength(1);
  await made.clock.advance(members);
  expect(made.told).toHaveLength(1);

  part = 1;
  say(made, { replyTo: 1 });
  part = 0;
  say(made, { replyTo: 1 });
  await made.clock.advance(3_000);
  expect(made.told).toHaveLength(2);
  await made.clock.advance(members);
  expect(made.told).toHaveLength(3);
});

test('what is for others, of others, or of oneself is not told', async () => {
  const made = await followed();
  say(made, { replyTo: 2 });
  say(made, naming(peer));
  say(made, { kind: 12, replyTo: 2, text: '👍' });
  say(made, { kind: 7, subjectId: peer, role: 2, text: null });
  say(made, { ...naming(me), replyTo: 1 }, me);
  say(made, { content: { ...(naming(me).content as NonNullable<WireEvent['content']>), forwarded: 1 } });
  await made.clock.advance(10_000);

  expect(made.told).toEqual([]);
});

test('others who hear of the same spread their questions, and nothing is told any more to who has stopped', async () => {
  const made = await followed(() => 0.5);
  const members = made.client.chat(7).summary?.memberCount ?? 0;
  say(made, naming(me));
  await made.clock.advance(members / 2 - 0.5);
  expect(made.told).toEqual([]);
  await made.clock.advance(0.5);
  expect(made.told).toHaveLength(1);

  say(made, { replyTo: 1 });
  await made.clock.advance(1);
  made.stop();
  tell(made, 48, 'laptop');
  await made.clock.advance(10_000);

  expect(made.told).toHaveLength(1);
});
