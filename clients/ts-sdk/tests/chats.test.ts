import { describe, expect, test } from 'vitest';
import { frameTypes } from '../src/codes.js';
import * as errorCodes from '../src/error-codes.js';
import { pushes } from '../src/frames/pushes.js';
import { replies } from '../src/frames/replies.js';
import { createPresences, presencePushes, presenceReplies } from '../src/people/presences.js';
import { me, peer, refusal, reply } from './support/fake-server.js';
import { online, type World } from './support/world.js';

async function withChat(length = 3, readUpTo = 0): Promise<World> {
  return online({}, (server) => {
    const chat = server.addChat(7);
    for (let i = 1; i <= length; i++) chat.append(`m${i}`);
    chat.readUpTo = readUpTo;
    chat.deliveredUpTo = length;
    server.addChat(8, 2).append('older', peer, { createdAtMs: 10 });
  });
}

describe('the list', () => {
  test('is loaded when connect resolves, newest first, and shows preview and unread', async () => {
    const { client } = await withChat(3, 1);
    expect(client.chats.items.map((chat) => [chat.chatId, chat.kind, chat.unread, chat.lastItem?.text])).toEqual([
      [7, 'direct', 2, 'm3'],
      [8, 'group', 1, 'older'],
    ]);
    expect(client.principalName(peer)).toBe('Peer');
  });

  test('moves a chat up when it speaks, counts unread, and tells once per turn', async () => {
    const made = await withChat(3, 3);
    let told = 0;
    made.client.on('chats', () => told++);
    const version = made.client.chats.version;
    made.server.connection.event(made.server.chats.get(8)?.append('a', peer, { createdAtMs: 9_000 }) as never);
    made.server.connection.event(made.server.chats.get(8)?.append('b', peer, { createdAtMs: 9_001 }) as never);
    await made.clock.advance(0);
    expect(made.client.chats.items[0]).toMatchObject({ chatId: 8, unread: 3, headSequence: 3, lastItem: { text: 'b' } });
    expect(told).toBe(1);
    expect(made.client.chats.version).toBeGreaterThan(version);
  });

  test("one's own message counts as read; another device's reading counts too", async () => {
    const made = await withChat(3, 0);
    const { summary } = made.client.chat(7);
    expect(summary?.unread).toBe(3);
    made.server.connection.push(pushes.receipts, { chatId: 7, receipts: [{ principalId: me, deliveredUpTo: 3, readUpTo: 2 }] });
    expect(made.client.chat(7).summary?.unread).toBe(1);
    made.client.chat(7).send({ text: 'answer' });
    await made.clock.advance(0);
    expect(made.client.chat(7).summary?.unread).toBe(0);
  });

  test('shows a message that is on its way', async () => {
    const made = await withChat();
    made.server.connection.close(1006);
    made.client.chat(8).send({ text: 'offline' });
    expect(made.client.chats.items[0]).toMatchObject({ chatId: 8, lastItem: { text: 'offline', state: 'queued', sequence: null } });
  });

  test('follows names and the number of members', async () => {
    const made = await withChat();
    const group = made.server.chats.get(8);
    made.server.connection.event(group?.append('New name', peer, { kind: 6 }) as never);
    made.server.connection.event(group?.append('', peer, { kind: 3, subjectId: 5, text: null, role: 1 }) as never);
    expect(made.client.chat(8).summary).toMatchObject({ name: 'New name', memberCount: 3 });
    expect(made.heard.at(-1)).toMatchObject({ kind: 'member_added', subjectId: 5, role: 'member' });
  });

  test('an older snapshot takes nothing back', async () => {
    const made = await withChat(3, 3);
    const stale = made.server.chats.get(7)?.wire;
    made.server.say(7, 'newer');
    made.server.answers.set('getChat', () => ({ frame: frames.chat, value: { chat: stale } }));
    const { replies: frames } = await import('../src/frames/replies.js');
    await made.client.openDirect(peer);
    expect(made.client.chat(7).summary).toMatchObject({ headSequence: 4, unread: 1, lastItem: { text: 'newer' } });
  });
});

describe('an open chat', () => {
  test('holds the newest, knows the first unread, and loads older without a hole', async () => {
    const made = await withChat(120, 100);
    const chat = made.client.chat(7);
    await chat.open({ window: 30 });
    const sequences = (): (number | null)[] => chat.messages.items.map((item) => item.sequence);
    expect(sequences()).toEqual(Array.from({ length: 30 }, (_, i) => 91 + i));
    expect(chat.messages).toMatchObject({ hasOlder: true, unreadAt: 101 });
    await Promise.all([chat.loadOlder(), chat.loadOlder()]);
    await chat.loadOlder();
    await chat.loadOlder();
    await chat.loadOlder();
    expect(sequences()).toEqual(Array.from({ length: 120 }, (_, i) => 1 + i));
    expect(chat.messages.hasOlder).toBe(false);
  });

  test('opens far enough back to show the first unread', async () => {
    const made = await withChat(150, 50);
    const chat = made.client.chat(7);
    await chat.open({ window: 20 });
    expect(chat.messages.items[0]?.sequence).toBeLessThan(51);
  });

  test('is live: pushes while it loads are there once and in order', async () => {
    const made = await withChat(3);
    const chat = made.client.chat(7);
    const opening = chat.open();
    made.server.say(7, 'm4');
    await opening;
    made.server.say(7, 'm5');
    expect(chat.messages.items.map((item) => item.text)).toEqual(['m1', 'm2', 'm3', 'm4', 'm5']);
  });

  test('tells changes once per turn and is empty after close', async () => {
    const made = await withChat(3);
    const chat = made.client.chat(7);
    await chat.open();
    await made.clock.advance(0);
    let changes = 0;
    chat.on('change', () => changes++);
    made.server.say(7, 'a');
    made.server.say(7, 'b');
    await made.clock.advance(0);
    expect(changes).toBe(1);
    chat.close();
    expect(chat.messages.items).toEqual([]);
    made.server.say(7, 'c');
    expect(chat.messages.items).toEqual([]);
  });

  test('keeps messages on their way over a reconnect and a discontinuity', async () => {
    const made = await withChat(3);
    const chat = made.client.chat(7);
    await chat.open();
    made.server.connection.close(1006);
    chat.send({ text: 'mine' });
    made.server.answers.set('sendMessage', () => null);
    const log = made.server.chats.get(7);
    if (log !== undefined) log.epoch++;
    await made.clock.advance(1_000);
    expect(chat.messages.items.map((item) => item.text)).toEqual(['m1', 'm2', 'm3', 'mine']);
  });

  test('that does not exist rejects, and can be opened later', async () => {
    const made = await withChat();
    const chat = made.client.chat(99);
    await expect(chat.open()).rejects.toMatchObject({ code: errorCodes.chat_not_found });
    made.server.addChat(99).append('now');
    await chat.open();
    expect(chat.messages.items).toHaveLength(1);
  });

  test('reads history in both directions', async () => {
    const made = await withChat(10);
    const page = await made.client.chat(7).history({ after: 4, limit: 3 });
    expect(page).toMatchObject({ coversFrom: 5, coversTo: 7, headSequence: 10, hasMore: true });
    expect(page.events.map((event) => event.sequence)).toEqual([5, 6, 7]);
    expect((await made.client.chat(7).history({ before: 4 })).events.map((event) => event.text)).toEqual(['m1', 'm2', 'm3']);
  });
});

test('a page of the numbering of before is not taken into a window that starts again', async () => {
  const made = await withChat(60, 60);
  const chat = made.client.chat(7);
  await chat.open({ window: 10 });
  const { server } = made;
  const page = { chatId: 7, epoch: 34, headSequence: 2, events: [], coversFrom: 1, coversTo: 0, hasMore: false };
  let busy = 1;
  server.answers.set('getHistory', ({ after, before }: { after: number | null; before: number | null }) => {
    if (after !== null) return reply(replies.history, page);
    return before !== null && busy-- > 0 ? refusal(400, true, 1_000) : 'default';
  });
  server.answers.set('getChat', () => refusal(400, true, 3_000));
  const older = chat.loadOlder();
  server.connection.push(pushes.gap, { chatId: 7, headSequence: 61 });
  await made.clock.advance(1_500);
  await older;
  expect(server.received('getHistory').filter(({ before }) => before !== null)).toHaveLength(2);
  expect(chat.messages.items).toEqual([]);
});

describe("another device's own messages", () => {
  test('raise what is read, though the summary knows them before they are delivered', async () => {
    const made = await withChat(3, 0);
    made.server.connection.close(1006);
    const log = made.server.chats.get(7);
    log?.append('from the phone', me);
    log?.append('answer');
    let busy = 1;
    made.server.answers.set('getHistory', () => (busy-- > 0 ? refusal(400, true) : 'default'));
    await made.clock.advance(5_000);
    expect(made.client.chat(7).summary).toMatchObject({ headSequence: 5, readUpTo: 4, unread: 1 });
  });

  test('that are the newest of a snapshot count as read', async () => {
    const made = await online({}, (server) => {
      const chat = server.addChat(7);
      chat.append('hi');
      chat.append('from the phone', me);
    });
    expect(made.client.chat(7).summary).toMatchObject({ readUpTo: 2, unread: 0 });
  });
});

describe('receipts', () => {
  test('what was delivered is told once for many, after 200 ms; own messages are not', async () => {
    const made = await withChat(3, 3);
    made.server.say(7, 'a');
    made.server.say(7, 'b');
    made.client.chat(8).send({ text: 'own' });
    await made.clock.advance(199);
    const told = (): unknown => made.server.received('markDelivered').filter(({ chatId, upTo }) => chatId !== 8 || upTo > 1);
    expect(told()).toEqual([]);
    await made.clock.advance(1);
    expect(told()).toEqual([{ chatId: 7, upTo: 5 }]);
  });

  test('what waited before the sign-in is delivered by the list', async () => {
    const made = await online({}, (server) => server.addChat(7).append('while away'));
    await made.clock.advance(200);
    expect(made.server.received('markDelivered')).toEqual([{ chatId: 7, upTo: 1 }]);
  });

  test('can be left to the app', async () => {
    const made = await online({ markDelivered: false }, (server) => server.addChat(7).append('while away'));
    await made.clock.advance(1_000);
    expect(made.server.received('markDelivered')).toEqual([]);
  });

  test('markRead takes effect at once, goes out once, and survives busy and a lost connection', async () => {
    const made = await withChat(5, 0);
    const chat = made.client.chat(7);
    let busy = 1;
    made.server.answers.set('markRead', () => (busy-- > 0 ? refusal(402, true, 500) : 'default'));
    chat.markRead(2);
    chat.markRead();
    expect(chat.summary).toMatchObject({ unread: 0, readUpTo: 5 });
    await made.clock.advance(200);
    made.server.connection.close(1006);
    await made.clock.advance(3_000);
    expect(made.server.received('markRead')).toEqual([
      { chatId: 7, upTo: 5 },
      { chatId: 7, upTo: 5 },
    ]);
    chat.markRead(3);
    await made.clock.advance(500);
    expect(made.server.received('markRead')).toHaveLength(2);
  });
});

describe('people', () => {
  test('unknown names are asked for together, once', async () => {
    const made = await withChat();
    const named: number[] = [];
    made.client.on('principals', (ids) => named.push(...ids));
    for (const id of [11, 12, 11]) expect(made.client.principalName(id)).toBeUndefined();
    await made.clock.advance(20);
    expect(made.server.received('getPrincipals')).toEqual([{ principalIds: [11, 12] }]);
    expect(made.client.principalName(11)).toBe('P11');
    expect(named).toEqual([11, 12]);
  });

  test('presence is watched, pushed, and watched again after a reconnect', async () => {
    const made = await withChat();
    const heard: unknown[] = [];
    const presences = createPresences(made.client, (_, presence) => heard.push(presence?.online));
    expect(await presences.watch([peer])).toEqual([{ principalId: peer, online: true, lastSeenMs: null }]);
    made.server.connection.push(presencePushes.presence, { principalId: peer, online: false, lastSeenMs: 5 });
    expect(presences.of(peer)).toEqual({ principalId: peer, online: false, lastSeenMs: 5 });
    made.server.connection.close(1006);
    expect(presences.of(peer)).toBeUndefined(); // nothing is told of anybody now
    await made.clock.advance(1_000);
    expect(made.server.received('watchPresence')).toHaveLength(2);
    expect(presences.of(peer)?.online).toBe(true);
    expect(heard).toEqual([true, false, undefined, true]);
    presences.close();
    made.server.connection.push(presencePushes.presence, { principalId: peer, online: false, lastSeenMs: 6 });
    expect(heard).toHaveLength(4);
  });

  test('who is not watched any more, or not answered for after a reconnect, is unknown', async () => {
    const made = await withChat();
    const presences = createPresences(made.client);
    await presences.watch([peer, 11]);
    await presences.watch([peer]);
    expect([presences.of(peer)?.online, presences.of(11)]).toEqual([true, undefined]);
    await presences.watch([peer, 11]);
    made.server.answers.set('watchPresence', () =>
      reply(presenceReplies.presences, { presences: [{ principalId: 11, online: true, lastSeenMs: null }] }),
    );
    made.server.connection.close(1006);
    await made.clock.advance(1_000);
    expect([presences.of(peer), presences.of(11)?.online]).toEqual([undefined, true]);
  });
});

test('a handler that throws is reported and keeps nobody from hearing', async () => {
  const made = await withChat();
  const reported: unknown[] = [];
  const previous = process.listeners('uncaughtException');
  process.removeAllListeners('uncaughtException');
  process.once('uncaughtException', (thrown) => reported.push(thrown));
  const fault = new Error('the app is wrong');
  made.client.on('message', () => {
    throw fault;
  });
  const after: number[] = [];
  made.client.on('message', (event) => after.push(event.sequence));
  made.server.say(7, 'heard by all');
  await made.clock.advance(0);
  for (const listener of previous) process.on('uncaughtException', listener);
  expect(after).toEqual([4]);
  expect(reported).toEqual([fault]);
});

test('the dump has the last frames, and no text and no token', async () => {
  const made = await withChat();
  for (let i = 0; i < 300; i++) made.server.say(7, 'a secret');
  const dump = made.client.dump();
  expect(dump.frames).toHaveLength(200);
  expect(dump.frames.at(-1)).toMatchObject({ direction: 'in', type: frameTypes.event, requestId: 0 });
  expect(JSON.stringify(dump)).not.toMatch(/secret|token-1/);
});
