import { describe, expect, test } from 'vitest';
import { pushes } from '../src/frames/pushes.js';
import { replies } from '../src/frames/replies.js';
import { inboxId, me, peer, refusal, reply } from './support/fake-server.js';
import { online, type World } from './support/world.js';

const sequences = (made: World): number[] => made.heard.map((event) => event.sequence);

async function withChat(length = 3): Promise<World> {
  return online({}, (server) => {
    const chat = server.addChat(7);
    for (let i = 0; i < length; i++) chat.append(`old ${i}`);
  });
}

describe('after a lost connection (P7)', () => {
  test('positions of all chats and the inbox are in the hello, and only what was missed is delivered', async () => {
    const made = await withChat();
    made.server.say(7, 'live');
    made.server.connection.close(1006);
    made.server.say(7, 'missed 1');
    made.server.say(7, 'missed 2');
    await made.clock.advance(1_000);

    expect(made.server.received('hello')[1]?.positions).toEqual([
      { chatId: inboxId, epoch: 33, sequence: 0 },
      { chatId: 7, epoch: 33, sequence: 4 },
    ]);
    expect(sequences(made)).toEqual([4, 5, 6]);
    expect(made.server.received('getHistory').at(-1)).toMatchObject({ chatId: 7, after: 4 });
  });

  test('pushes that come before the missed ones wait for them', async () => {
    const made = await withChat();
    made.server.connection.close(1006);
    made.server.say(7, 'missed');
    made.server.answers.set('getHistory', () => null);
    await made.clock.advance(1_000);
    made.server.say(7, 'after the welcome');
    await made.clock.advance(0);
    expect(sequences(made)).toEqual([]);
    made.server.answers.delete('getHistory');
    made.server.connection.close(1006);
    await made.clock.advance(2_000);
    expect(sequences(made)).toEqual([4, 5]);
  });

  test('recovered = false tells a discontinuity and starts the chat from the present', async () => {
    const made = await withChat();
    const told: unknown[] = [];
    made.client.on('discontinuity', (event) => told.push(event));
    const chat = made.client.chat(7);
    await chat.open();
    expect(chat.messages.items.map((item) => item.text)).toEqual(['old 0', 'old 1', 'old 2']);

    made.server.connection.close(1006);
    const restored = made.server.addChat(7);
    restored.epoch = 34;
    restored.append('another log');
    await made.clock.advance(1_000);

    expect(told).toEqual([{ chatId: 7, reason: 'position_void' }]);
    expect(chat.messages.items.map((item) => item.text)).toEqual(['another log']);
    expect(chat.summary).toMatchObject({ headSequence: 1 });
    made.server.say(7, 'goes on');
    expect(sequences(made)).toEqual([2]);
  });

  test('an open chat that could not be loaded anew is asked for until it is, and not once it is closed', async () => {
    const made = await withChat();
    const chat = made.client.chat(7);
    await chat.open();
    let busy = 7; // one more than the first tries of both times
    made.server.answers.set('getHistory', () => (busy-- > 0 ? refusal(400, true) : 'default'));
    made.server.connection.close(1006);
    const restored = made.server.addChat(7);
    restored.epoch = 34;
    restored.append('another log');
    await made.clock.advance(120_000);
    expect(chat.messages.items.map((item) => item.text)).toEqual(['another log']);

    busy = Number.POSITIVE_INFINITY;
    made.server.connection.close(1006);
    const again = made.server.addChat(7);
    again.epoch = 35;
    await made.clock.advance(120_000);
    chat.close();
    busy = 0;
    await made.clock.advance(10_000);
    const asked = made.server.received('getHistory').length;
    await made.clock.advance(120_000);
    expect(made.server.received('getHistory')).toHaveLength(asked);
    expect(chat.messages.items).toEqual([]);
  });

  test('a chat that could not be opened is, with the next connection', async () => {
    const made = await withChat();
    const chat = made.client.chat(7);
    made.server.answers.set('getHistory', () => refusal(400, true));
    const opening = chat.open();
    opening.catch(() => {});
    await made.clock.advance(60_000);
    await expect(opening).rejects.toMatchObject({ code: 400 });
    made.server.answers.delete('getHistory');
    made.server.connection.close(1006);
    await made.clock.advance(5_000);
    expect(chat.messages.items).toHaveLength(3);
  });

  test('more than maxCatchUp is skipped, and that is told', async () => {
    const made = await online({ maxCatchUp: 10 }, (server) => server.addChat(7).append('one'));
    const told: unknown[] = [];
    made.client.on('discontinuity', (event) => told.push(event));
    made.server.connection.close(1006);
    for (let i = 0; i < 50; i++) made.server.say(7, `missed ${i}`);
    await made.clock.advance(1_000);
    expect(told).toEqual([{ chatId: 7, reason: 'too_far_behind' }]);
    made.server.say(7, 'now');
    expect(sequences(made)).toEqual([52]);
  });

  test('a chat that one is no longer in is dropped from the list', async () => {
    const made = await withChat();
    made.server.connection.close(1006);
    made.server.chats.delete(7);
    await made.clock.advance(1_000);
    expect(made.client.chats.items).toEqual([]);
  });
});

describe('while online', () => {
  test('a gap push fetches what was skipped', async () => {
    const made = await withChat();
    made.server.pushing = false;
    made.server.say(7, 'skipped 1');
    made.server.say(7, 'skipped 2');
    made.server.connection.push(pushes.gap, { chatId: 7, headSequence: 5 });
    await made.clock.advance(0);
    expect(sequences(made)).toEqual([4, 5]);
  });

  test('a lost push is fetched when the next one shows the hole; doubles are dropped', async () => {
    const made = await withChat();
    made.server.pushing = false;
    const lost = made.server.say(7, 'lost');
    made.server.pushing = true;
    made.server.say(7, 'next');
    await made.clock.advance(0);
    made.server.connection.event(lost);
    expect(sequences(made)).toEqual([4, 5]);
  });

  test('fetching goes on after busy', async () => {
    const made = await withChat();
    let busy = 2;
    made.server.answers.set('getHistory', () => (busy-- > 0 ? refusal(400, true, 700) : 'default'));
    made.server.connection.push(pushes.gap, { chatId: 7, headSequence: 4 });
    made.server.pushing = false;
    made.server.say(7, 'skipped');
    await made.clock.advance(5_000);
    expect(sequences(made)).toEqual([4]);
    expect(made.server.received('getHistory')).toHaveLength(3);
  });

  test('a new chat arrives through the inbox with all its events', async () => {
    const made = await online();
    const chat = made.server.addChat(8, 2);
    chat.name = 'Group';
    chat.append('Group', peer, { kind: 2 });
    chat.append('before the client knew', peer);
    made.server.connection.event(made.server.inbox.append('', me, { kind: 8, subjectId: 8, text: null }));
    await made.clock.advance(0);
    made.server.say(8, 'after');
    await made.clock.advance(0);
    expect(sequences(made)).toEqual([1, 2, 3]);
    expect(made.client.chats.items).toMatchObject([{ chatId: 8, name: 'Group', kind: 'group', unread: 2 }]);
  });

  test('the pushes of a new chat may come before the inbox tells of it', async () => {
    const made = await online();
    const chat = made.server.addChat(8);
    made.server.connection.event(chat.append('', peer, { kind: 2, text: null }));
    made.server.connection.event(chat.append('hi', peer));
    made.server.connection.event(made.server.inbox.append('', me, { kind: 8, subjectId: 8, text: null }));
    await made.clock.advance(0);
    expect(sequences(made)).toEqual([1, 2]);
    expect(made.server.received('getChat').filter(({ chatId }) => chatId === 8)).toHaveLength(1);
    expect(made.client.dump().positions).toContainEqual({ chatId: 8, epoch: 33, sequence: 2 });
  });

  test('chat_removed takes the chat out of the list', async () => {
    const made = await withChat();
    made.server.connection.event(made.server.inbox.append('', me, { kind: 9, subjectId: 7, text: null }));
    expect(made.client.chats.items).toEqual([]);
  });

  test('an unknown event kind keeps its place and is named unknown', async () => {
    const made = await withChat();
    made.server.connection.event(made.server.chats.get(7)?.append('?', peer, { kind: 99 }) as never);
    made.server.say(7, 'next');
    expect(made.heard.map((event) => event.kind)).toEqual(['unknown', 'message']);
  });

  test('all chats have a position, page after page', async () => {
    const made = await online({}, (server) => {
      server.chatsPerPage = 2;
      for (let id = 10; id < 17; id++) server.addChat(id).append(`in ${id}`);
    });
    await made.clock.advance(0);
    expect(made.client.chats.hasMore).toBe(false);
    expect(made.client.dump().positions).toHaveLength(7 + 1);
  });
});

describe('hostile frames', () => {
  test.each([
    ['a length of 2^32 - 1', [0xff, 0xff, 0xff, 0xff]],
    ['an array header of a million', [5, 0, 0, 0, 0xdd, 0, 0x0f, 0x42, 0x40]],
    ['a cut frame', [9, 0, 0, 0, 0x92, 80, 0]],
    ['a push with too few fields', [3, 0, 0, 0, 0x92, 80, 0]],
    ['leftover bytes', [4, 0, 0, 0, 0x92, 41, 9, 0xc0]],
    ['not an array', [1, 0, 0, 0, 0xc0]],
  ])('%s ends the connection with 4500, and the client comes back', async (_, bytes) => {
    const made = await withChat();
    const first = made.server.connection;
    first.bytes(Uint8Array.from(bytes));
    if (first.isOpen)
      expect(bytes[5]).toBe(41); // a reply that nobody asked for is not looked at
    else {
      expect(first.closedByClient?.code).toBe(4500);
      await made.clock.advance(1_000);
      expect(made.client.state.kind).toBe('online');
    }
  });

  test('a push of a later version is passed over', async () => {
    const made = await withChat();
    made.server.connection.bytes(Uint8Array.from([3, 0, 0, 0, 0x92, 100, 0]));
    expect(made.client.state.kind).toBe('online');
  });

  test('a reply of the wrong kind ends the connection', async () => {
    const made = await withChat();
    let lies = 1;
    made.server.answers.set('getHistory', () => (lies-- > 0 ? reply(replies.ok, {}) : 'default'));
    const history = made.client.chat(7).history();
    await made.clock.advance(1_000);
    expect((await history).events).toHaveLength(3);
    expect(made.server.connections).toHaveLength(2);
  });
});
