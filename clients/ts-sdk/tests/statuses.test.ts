import { expect, test } from 'vitest';
import { createMessageActions } from '../src/chats/message-actions.js';
import type { WireEvent } from '../src/frames/elements.js';
import { followStatuses, LiveStatuses, type Status } from '../src/statuses/statuses.js';
import { me, peer } from './support/fake-server.js';
import { online } from './support/world.js';

type Call = [string, string, unknown];

function statusesWith(answer: (path: string) => unknown): { statuses: LiveStatuses; calls: Call[] } {
  const calls: Call[] = [];
  const statuses = new LiveStatuses(async (method, path, body) => {
    calls.push([method, path, body]);
    return answer(path);
  });
  return { statuses, calls };
}

const answer = (id: number) => ({
  id,
  authorId: 12,
  kind: 'text',
  text: 'At sea',
  background: '#1F6F54',
  font: 'serif',
  media: null,
  createdAt: '2026-01-01T00:00:00+00:00',
  expiresAt: '2026-01-02T00:00:00+00:00',
  seen: false,
});
const status = (text: string | null): Status => ({ ...answer(7), kind: 'text', font: 'serif', text });

const hintOf = (chatId: number): WireEvent => ({
  chatId,
  sequence: 0,
  kind: 39,
  senderId: peer,
  createdAtMs: 5,
  clientMessageId: null,
  replyTo: null,
  text: null,
  subjectId: peer,
  role: null,
  previous: null,
  changes: null,
  content: null,
});

test('statuses are posted under an id of their own or the one given', async () => {
  const { statuses, calls } = statusesWith(() => answer(7));
  const clientStatusId = '5b1f0c1e-8f57-4f0e-9a53-0f6a4b1f3c80';

  expect(await statuses.post({ kind: 'text', text: 'At sea', font: 'serif' })).toEqual(answer(7));
  await statuses.post({ kind: 'text', text: 'At sea', clientStatusId });

  expect(calls[0]?.slice(0, 2)).toEqual(['POST', '/api/status']);
  const made = calls[0]?.[2] as { clientStatusId: string } | undefined;
  expect(made?.clientStatusId).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  expect(calls[1]?.[2]).toEqual({ kind: 'text', text: 'At sea', clientStatusId });
});

test('the same object posted again is a retry, and another with the same words is not', async () => {
  const calls: unknown[] = [];
  let isLost = true;
  const statuses = new LiveStatuses(async (_method, _path, body) => {
    calls.push((body as { clientStatusId: string }).clientStatusId);
    if (isLost) throw new Error('lost');
    return answer(7);
  });
  const wished = { kind: 'text', text: 'At sea' } as const;

  await expect(statuses.post(wished)).rejects.toThrow('lost');
  isLost = false;
  await statuses.post(wished);
  await statuses.post({ ...wished });

  expect(calls[1]).toBe(calls[0]);
  expect(calls[2]).not.toBe(calls[0]);
});

test('that others posted is told after a random pause, once for each author, and all else at once', async () => {
  const made = await online({}, (server) => server.addChat(7));
  const told: unknown[] = [];
  const stop = followStatuses(made.client, ({ authorId, statusId }) => told.push([authorId, statusId]), {
    clock: made.clock,
    random: () => 0.5,
  });
  const hint = hintOf(made.server.inbox.wire.chatId);

  for (let i = 0; i < 3; i++) made.server.connection.event(hint);
  made.server.connection.event({ ...hint, senderId: 99, subjectId: 99 });
  made.server.connection.event({ ...hint, kind: 40, replyTo: 77, subjectId: me });
  made.server.connection.event(made.server.inbox.append('', me, { kind: 39, text: null, subjectId: me }));
  await made.clock.advance(4_999);
  expect(told).toEqual([
    [me, 77],
    [me, null],
  ]);
  await made.clock.advance(1);
  expect(told.slice(2)).toEqual([
    [peer, null],
    [99, null],
  ]);

  made.server.connection.event(hint);
  await made.clock.advance(5_000);
  expect(told).toHaveLength(5);
  made.server.connection.event(hint);
  await made.clock.advance(1);
  stop();
  made.server.connection.event(hint);
  await made.clock.advance(20_000);
  expect(told).toHaveLength(5);
});

test('what is in no log is a hint of the inbox of the kinds that there are, or nothing', async () => {
  const made = await online({}, (server) => server.addChat(7));
  const told: unknown[] = [];
  for (const event of ['inbox', 'people', 'hidden', 'starred'] as const) made.client.on(event, () => told.push(event));
  const hint = { ...hintOf(made.server.inbox.wire.chatId), replyTo: 1, subjectId: 7 };

  for (const kind of [8, 9, 30, 33, 35, 38]) made.server.connection.event({ ...hint, kind });
  for (const kind of [39, 40]) made.server.connection.event({ ...hint, kind, chatId: 7 });
  await made.clock.advance(0);
  expect(told).toEqual([]);
  made.server.connection.event({ ...hint, kind: 40 });
  await made.clock.advance(0);
  expect(told).toEqual(['inbox']);
});

test('lists are read, what is of a later version is unknown, and a strange answer is refused', async () => {
  const later = { ...answer(8), kind: 'poll', font: 'runes', media: { blobId: 'b', contentType: 'image/png', bytes: 9, width: null } };
  const author = { authorId: 12, name: 'Ada', total: 3, unseen: 2, muted: true, newestId: 8, newestAt: '2026-01-01T00:00:00+00:00' };
  const viewer = { principalId: 13, name: 'Ben', viewedAt: '2026-01-01T00:00:00+00:00' };
  const { statuses, calls } = statusesWith((path) => {
    if (path.includes('/viewers')) return { items: [viewer], total: 5, nextCursor: '5.13' };
    if (path.includes('/user/')) return path.includes('cursor=7') ? { items: [later] } : { items: [answer(7)], nextCursor: '7' };
    return path === '/api/status/privacy' ? { audience: 'friends', people: [4] } : { items: [author] };
  });

  const all = await statuses.of(12);
  expect(all.map((one) => [one.id, one.kind, one.font])).toEqual([
    [7, 'text', 'serif'],
    [8, 'unknown', 'unknown'],
  ]);
  expect(all[1]?.media).toEqual({ blobId: 'b', contentType: 'image/png', bytes: 9 });
  expect(await statuses.authors({ cursor: '9', limit: 3 })).toEqual({
    authors: [{ ...author, ownName: null, avatar: null }],
    nextCursor: null,
  });
  expect(await statuses.viewers(7)).toEqual({ viewers: [{ ...viewer, avatar: null }], total: 5, nextCursor: '5.13' });
  expect(await statuses.privacy()).toEqual({ audience: 'unknown', people: [4] });
  await statuses.view(7);
  await statuses.mute(12);
  await statuses.unmute(12);
  await statuses.delete(7);
  await statuses.setPrivacy({ audience: 'only', people: [4] });

  expect(calls.map(([method, path]) => `${method} ${path}`)).toEqual([
    'GET /api/status/user/12?limit=100',
    'GET /api/status/user/12?cursor=7&limit=100',
    'GET /api/status?cursor=9&limit=3',
    'GET /api/status/7/viewers',
    'GET /api/status/privacy',
    'POST /api/status/7/view',
    'PUT /api/status/user/12/mute',
    'DELETE /api/status/user/12/mute',
    'DELETE /api/status/7',
    'PUT /api/status/privacy',
  ]);
  await expect(statusesWith(() => ({ items: 3 })).statuses.of(1)).rejects.toThrow('items');
  await expect(statusesWith(() => ({ ...answer(7), media: 3 })).statuses.post({ kind: 'text' })).rejects.toThrow('media');
});

test('an answer begins as the status does, and cuts no character in two', () => {
  const { statuses } = statusesWith(() => undefined);

  expect(statuses.answer(status('At sea'))).toEqual({ kind: 'text', status: { statusId: 7, kind: 'text', text: 'At sea' } });
  expect(statuses.answer(status(null), { kind: 'voice' })).toEqual({ kind: 'voice', status: { statusId: 7, kind: 'text' } });
  expect(statuses.answer(status('a'.repeat(101))).status?.text).toBe('a'.repeat(100));
  expect(statuses.answer(status(`${'a'.repeat(99)}🌊🌊`)).status?.text).toBe('a'.repeat(99));
});

test('hints are told, hold no place, and an event of the inbox is told once', async () => {
  const made = await online({}, (server) => server.addChat(7));
  const told: unknown[] = [];
  followStatuses(made.client, (change) => told.push(change), { clock: made.clock, random: () => 0 });
  const hint = hintOf(made.server.inbox.wire.chatId);
  const before = made.client.dump().positions;

  made.server.connection.event(hint);
  await made.clock.advance(0);
  made.server.connection.event({ ...hint, kind: 40, replyTo: 77, subjectId: me });
  made.server.connection.event({ ...hint, kind: 200 });
  await made.clock.advance(0);
  expect(made.client.dump().positions).toEqual(before);
  made.server.connection.event(made.server.inbox.append('', me, { kind: 39, text: null, subjectId: me }));
  await made.clock.advance(0);

  expect(told).toEqual([
    { authorId: peer, by: peer, statusId: null },
    { authorId: me, by: peer, statusId: 77 },
    { authorId: me, by: me, statusId: null },
  ]);
});

test('a message that answers a status says so, and is passed on without', async () => {
  const made = await online({}, (server) => server.addChat(7));
  await made.client.chat(7).open();
  const content = { kind: 'text', status: { statusId: 77, kind: 'image', text: 'At sea' } } as const;

  await made.client.chat(7).send({ text: 'Where is that?', content }).sent;
  await made.clock.advance(0);

  const item = made.client.chat(7).messages.items.at(-1);
  expect(item?.content).toEqual(content);
  expect(createMessageActions(made.client).forward(item as NonNullable<typeof item>, 7).content).toEqual({ kind: 'text', forwarded: 1 });
});
