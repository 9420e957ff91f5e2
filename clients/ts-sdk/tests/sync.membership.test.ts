import { describe, expect, test } from 'vitest';
import { replies } from '../src/frames/replies.js';
import { type FakeServer, inboxId, me, peer, refusal, reply } from './support/fake-server.js';
import { online, type World, world } from './support/world.js';

const chatCreated = 2;
const memberAdded = 3;
const added = 8;
const removed = 9;
const hidden = 35;

/** The inbox says that a chat came or went. */
function inbox(server: FakeServer, kind: number, chatId: number): void {
  const event = server.inbox.append('', me, { kind, subjectId: chatId, text: null });
  if (server.connection.isOpen) server.connection.event(event);
}

const heardOf = (made: World, chatId: number): number[] =>
  made.heard.filter((event) => event.chatId === chatId).map((event) => event.sequence);

describe('removed and added again', () => {
  test('while offline: what was said before the removal and after the return is delivered', async () => {
    const made = await online({}, (server) => {
      const group = server.addChat(7, 2);
      for (let i = 1; i <= 10; i++) group.append(`m${i}`);
    });
    made.server.connection.close(1006);
    const group = made.server.addChat(7, 2);
    for (let i = 1; i <= 17; i++) group.append(`m${i}`);
    for (const sequence of [13, 14, 15]) group.hidden.add(sequence);
    group.joinedAt = 16;
    inbox(made.server, removed, 7);
    inbox(made.server, added, 7);
    let busy = 1; // the list is there before the history
    made.server.answers.set('getHistory', ({ chatId }: { chatId: number }) =>
      chatId === 7 && busy-- > 0 ? refusal(400, true) : 'default',
    );
    await made.clock.advance(5_000);
    expect(heardOf(made, 7)).toEqual([11, 12, 16, 17]);
  });

  test('at once: an answer from in between does not drop the chat', async () => {
    const made = await online();
    const group = made.server.addChat(7, 2);
    group.append('first');
    let asked = 0;
    made.server.answers.set('getChat', () => {
      if (asked++ > 0) return 'default';
      inbox(made.server, removed, 7);
      inbox(made.server, added, 7);
      return refusal(200);
    });
    inbox(made.server, added, 7);
    await made.clock.advance(0);
    expect(made.client.chats.items).toMatchObject([{ chatId: 7 }]);
    expect(heardOf(made, 7)).toEqual([1]);
  });

  test('and gone: an answer from before does not bring the chat back', async () => {
    const made = await online();
    const group = made.server.addChat(7, 2);
    made.server.answers.set('getChat', () => {
      if (!made.server.chats.delete(7)) return 'default';
      inbox(made.server, removed, 7);
      return reply(replies.chat, { chat: group.wire });
    });
    inbox(made.server, added, 7);
    await made.clock.advance(0);
    expect(made.client.chats.items).toEqual([]);
  });
});

test('a group that is made with others in it is told of from its beginning, although the first push is of oneself', async () => {
  const made = await online();
  const group = made.server.addChat(7, 2);
  group.append('the group', peer, { kind: chatCreated });
  group.append('', peer, { kind: memberAdded, subjectId: peer, text: null });
  made.server.connection.event(group.append('', peer, { kind: memberAdded, subjectId: me, text: null }));
  made.server.connection.event(group.append('hello'));
  inbox(made.server, added, 7);
  await made.clock.advance(0);
  expect(heardOf(made, 7)).toEqual([1, 2, 3, 4]);
});

describe('an answer about an open chat from before one was removed does not bring it back', () => {
  /** In a group that is open, after which the service says `removed` beside its next answer about it. */
  async function removedBeside(answerFirst: boolean): Promise<World> {
    const made = await online({}, (server) => server.addChat(7, 2).append('one'));
    await made.client.chat(7).open();
    const group = made.server.chats.get(7);
    if (group === undefined) throw new Error('The group was added above.');
    made.server.answers.set('getChat', ({ chatId }: { chatId: number }) => {
      if (chatId !== 7 || !made.server.chats.delete(7)) return 'default';
      if (answerFirst) queueMicrotask(() => inbox(made.server, removed, 7));
      else inbox(made.server, removed, 7);
      return reply(replies.chat, { chat: group.wire });
    });
    return made;
  }

  test.each([true, false])('after a reconnect (the answer first: %s)', async (answerFirst) => {
    const made = await removedBeside(answerFirst);
    made.server.connection.close(1006);
    await made.clock.advance(5_000);
    expect(made.server.chats.has(7)).toBe(false);
    expect(made.client.chats.items).toEqual([]);
  });

  test('after its last message was hidden, which has it asked for', async () => {
    const made = await removedBeside(false);
    made.server.connection.event(made.server.inbox.append('', me, { kind: hidden, subjectId: 7, replyTo: 1, text: null }));
    await made.clock.advance(5_000);
    expect(made.server.chats.has(7)).toBe(false);
    expect(made.client.chats.items).toEqual([]);
  });
});

test('a chat that one left in a part of the inbox that is skipped is taken out of the list', async () => {
  const made = await online({ maxCatchUp: 10 }, (server) => {
    for (const id of [7, 8]) server.addChat(id, 2).append('one');
  });
  made.server.connection.close(1006);
  const other = made.server.chats.get(8);
  if (other === undefined) throw new Error('The chat was added above.');
  // One's position is at the end of what one may see of 7, so the welcome has nothing to say of it.
  made.server.answers.set('getChats', () => reply(replies.chats, { chats: [other.wire], nextCursor: null }));
  made.server.answers.set('getChat', ({ chatId }: { chatId: number }) => (chatId === 7 ? refusal(200) : 'default'));
  inbox(made.server, removed, 7);
  for (let i = 0; i < 12; i++) made.server.inbox.append('', me, { kind: added, subjectId: 8, text: null });
  await made.clock.advance(5_000);
  expect(made.client.chats.items).toMatchObject([{ chatId: 8 }]);
});

test('a page of the list from before one left neither brings the chat back nor gives its events again', async () => {
  const made = await online({}, (server) => {
    const group = server.addChat(7, 2);
    for (const text of ['one', 'two']) group.append(text);
  });
  made.server.answers.set('getChats', () => {
    const group = made.server.chats.get(7);
    if (group === undefined) return 'default';
    made.server.chats.delete(7); // the page is read, and then one leaves
    inbox(made.server, removed, 7);
    return reply(replies.chats, { chats: [group.wire], nextCursor: null });
  });
  made.server.connection.close(1006);
  await made.clock.advance(5_000);
  expect(made.client.chats.items).toEqual([]);
  expect(heardOf(made, 7)).toEqual([]);
});

describe('left and joined again faster than the chat is described', () => {
  /** Departure at `left`, in it from `joined` to `leftAgain`, back at `back`. */
  test.each([
    [25, 30, 36, 60],
    [29, 31, 31, 51],
  ])('known up to %i: what was said from %i to %i is delivered before %i', async (left, joined, leftAgain, back) => {
    const made = await online({}, (server) => {
      const group = server.addChat(7, 2);
      for (let i = 1; i < left; i++) group.append(`m${i}`);
    });
    const { server } = made;
    const group = server.chats.get(7);
    if (group === undefined) throw new Error('The group was added above.');
    const pass = (upTo: number, seen: boolean): void => {
      while (group.head < upTo) {
        const { sequence } = group.append('meanwhile');
        if (!seen) group.hidden.add(sequence);
      }
    };
    let busy = 1;
    server.answers.set('getChat', () => (busy-- > 0 ? refusal(400, true, 10_000) : 'default'));
    server.connection.event(group.append('leaves', me));
    inbox(server, removed, 7);
    pass(joined - 1, false);
    inbox(server, added, 7);
    pass(leftAgain, true);
    inbox(server, removed, 7);
    pass(back - 1, false);
    group.joinedAt = back;
    server.connection.event(group.append('is back'));
    inbox(server, added, 7);
    await made.clock.advance(30_000);
    const between = Array.from({ length: leftAgain - joined + 1 }, (_, i) => joined + i);
    expect(heardOf(made, 7)).toEqual([left, ...between, back]);
    expect(made.client.chats.items).toMatchObject([{ chatId: 7 }]);
  });
});

test('a membership that came and went while offline is delivered from where one had left', async () => {
  const made = await online({}, (server) => {
    const group = server.addChat(7, 2);
    for (const text of ['one', 'two']) group.append(text);
  });
  const { server } = made;
  const group = server.chats.get(7);
  if (group === undefined) throw new Error('The group was added above.');
  server.connection.event(group.append('leaves', me));
  inbox(server, removed, 7);
  await made.clock.advance(0);
  server.connection.close(1006);
  group.hidden.add(group.append('unseen').sequence);
  for (const text of ['joining', 'seen', 'leaving']) group.append(text);
  inbox(server, added, 7);
  inbox(server, removed, 7);
  server.answers.set('getChat', ({ chatId }: { chatId: number }) => (chatId === 7 ? refusal(200) : 'default'));
  server.answers.set('getChats', () => reply(replies.chats, { chats: [], nextCursor: null }));
  await made.clock.advance(5_000);
  expect(heardOf(made, 7)).toEqual([3, 5, 6, 7]);
  expect(made.client.chats.items).toEqual([]);
});

test('a chat that came while offline is delivered from the joining, though a later push of it comes first', async () => {
  const made = await online();
  const { server } = made;
  server.connection.close(1006);
  const group = server.addChat(7, 2);
  for (const text of ['before', 'joining', 'missed']) group.append(text);
  group.hidden.add(1);
  group.joinedAt = 2;
  inbox(server, added, 7);
  let first = true;
  server.answers.set('getChats', () => {
    if (first) server.say(7, 'pushed');
    first = false;
    return 'default';
  });
  let busy = 1; // the inbox tells last
  server.answers.set('getHistory', ({ chatId }: { chatId: number }) => (chatId === inboxId && busy-- > 0 ? refusal(400, true) : 'default'));
  await made.clock.advance(30_000);
  expect(heardOf(made, 7)).toEqual([2, 3, 4]);
});

test('an open chat that is gone keeps neither connect nor the other open chats from going on', async () => {
  const made = await online({}, (server) => {
    for (const id of [7, 10]) server.addChat(id).append('old');
  });
  await Promise.all([7, 10].map((id) => made.client.chat(id).open()));
  await made.client.close();
  made.server.chats.delete(7);
  const asked = made.server.received('getChat').length;
  await made.client.connect();
  await made.clock.advance(0);
  expect(made.client.chats.items).toMatchObject([{ chatId: 10 }]);
  expect(made.server.received('getChat').slice(asked)).toContainEqual({ chatId: 10 });
});

describe('the list', () => {
  /** Five chats, one a page; `atThird` happens when the third page is asked for the first time. */
  function paged(atThird: (server: FakeServer) => void): World {
    const made = world();
    made.server.chatsPerPage = 1;
    for (let id = 10; id < 15; id++) made.server.addChat(id).append(`in ${id}`);
    let asked = 0;
    made.server.answers.set('getChats', ({ cursor }: { cursor: string | null }) => {
      if (cursor === '2' && asked++ === 0) atThird(made.server);
      return made.server.connection.isOpen ? 'default' : null;
    });
    return made;
  }

  test('is whole when connect resolves, though the connection was lost and a chat moved up meanwhile', async () => {
    const made = paged((server) => {
      server.connection.close(1006);
      server.chats.get(10)?.append('moves up', peer, { createdAtMs: 9_000 });
    });
    let connected = false;
    const connecting = made.client.connect().then(() => {
      connected = true;
    });
    await made.clock.advance(0);
    expect(made.client.state.kind).toBe('waiting');
    expect(connected).toBe(false);
    expect(made.client.chats.hasMore).toBe(true);
    const more = made.client.chats.loadMore();
    await made.clock.advance(1_000);
    await Promise.all([connecting, more]);
    expect(made.client.chats).toMatchObject({ hasMore: false, items: { length: 5 } });
    expect(made.client.dump().positions).toHaveLength(5 + 1);

    made.server.connection.close(1006);
    for (let id = 10; id < 15; id++) made.server.say(id, 'missed');
    await made.clock.advance(1_000);
    expect(made.heard.map((event) => event.text)).toEqual(Array(5).fill('missed'));
  });

  test('that comes before the description of an announced chat does not swallow its events', async () => {
    const made = paged((server) => {
      const chat = server.addChat(30, 2);
      chat.append('Group', peer, { kind: 2, createdAtMs: 2 });
      chat.append('hello', peer, { createdAtMs: 3 });
      server.answers.set('getChat', ({ chatId }: { chatId: number }) => (chatId === 30 ? refusal(400, true, 1_000) : 'default'));
      inbox(server, added, 30);
    });
    await made.client.connect();
    await made.clock.advance(0);
    expect(heardOf(made, 30)).toEqual([1, 2]);
  });

  test('is not needed for a chat that was announced before a close: it is asked for again', async () => {
    const made = await online({}, (server) => {
      server.chatsPerPage = 1;
      server.addChat(7).append('old');
    });
    made.server.addChat(30).append('first', peer, { createdAtMs: 1 });
    made.server.answers.set('getChat', () => refusal(400, true, 30_000));
    inbox(made.server, added, 30);
    await made.clock.advance(0);
    await made.client.close();
    made.server.answers.delete('getChat');
    await made.client.connect();
    await made.clock.advance(0);
    expect(heardOf(made, 30)).toEqual([1]);
  });

  test('tells what was missed in the chats whose positions had no place in the hello', async () => {
    const made = await online({}, (server) => {
      server.maxPositions = 3;
      server.chatsPerPage = 1;
      for (let id = 10; id < 15; id++) server.addChat(id).append(`in ${id}`, peer, { createdAtMs: id });
    });
    made.server.connection.close(1006);
    made.server.chats.get(10)?.append('missed', peer, { createdAtMs: 1 });
    await made.clock.advance(1_000);
    expect(made.server.received('hello')[1]?.positions.map(({ chatId }) => chatId)).toEqual([inboxId, 14, 13]);
    expect(heardOf(made, 10)).toEqual([2]);
  });
});
