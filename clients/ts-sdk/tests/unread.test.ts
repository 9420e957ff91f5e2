import { describe, expect, test } from 'vitest';
import { UnreadCount } from '../src/chats/unread.js';
import type { WireEvent } from '../src/frames/elements.js';
import { pushes } from '../src/frames/pushes.js';
import { replies } from '../src/frames/replies.js';
import { me, peer, reply } from './support/fake-server.js';
import { online, type World } from './support/world.js';

const message = 1;
const edited = 10;
const reaction = 12;
const settingsChanged = 36;

async function say(made: World, kind: number, more: Partial<WireEvent> = {}): Promise<void> {
  made.server.connection.event(made.server.chats.get(7)?.append('text', peer, { kind, ...more }) as WireEvent);
  await made.clock.advance(0);
}

describe('what is unread', () => {
  test('is messages alone, and what is done to them moves no chat up', async () => {
    const made = await online({}, (server) => {
      server.addChat(7).append('one');
      server.addChat(8, 2).append('later', peer, { createdAtMs: 9_000 });
    });
    await say(made, edited, { replyTo: 1, createdAtMs: 10_000 });
    await say(made, reaction, { replyTo: 1, createdAtMs: 10_001 });
    expect(made.client.chat(7).summary).toMatchObject({ headSequence: 3, unread: 1, lastActivityMs: 5_000 });
    expect(made.client.chats.items.map((chat) => chat.chatId)).toEqual([8, 7]);

    await say(made, message, { createdAtMs: 10_002 });
    expect(made.client.chat(7).summary).toMatchObject({ headSequence: 4, unread: 2, lastActivityMs: 10_002 });
    made.client.chat(7).markRead(3);
    expect(made.client.chat(7).summary?.unread).toBe(1);
    made.client.chat(7).markRead();
    expect(made.client.chat(7).summary?.unread).toBe(0);
    await say(made, reaction, { replyTo: 1 });
    expect(made.client.chat(7).summary?.unread).toBe(0);
  });

  test('is asked for where the server only said how many', async () => {
    const made = await online({}, (server) => {
      const chat = server.addChat(7);
      chat.append('one');
      chat.append('👍', peer, { kind: reaction, replyTo: 1 });
      chat.append('two');
      chat.append('three');
    });
    const held = made.server.chats.get(7);
    if (held === undefined) throw new Error('no chat');
    expect(made.client.chat(7).summary?.unread).toBe(3);

    held.readUpTo = 1;
    made.server.connection.push(pushes.receipts, { chatId: 7, receipts: [{ principalId: me, deliveredUpTo: 1, readUpTo: 1 }] });
    await made.clock.advance(0);
    expect(made.client.chat(7).summary).toMatchObject({ readUpTo: 1, unread: 2 });

    made.client.chat(7).markRead(3);
    held.readUpTo = 3;
    await made.clock.advance(1_000);
    expect(made.client.chat(7).summary).toMatchObject({ readUpTo: 3, unread: 1 });
  });

  test('is asked for again when the answer did not count one’s own message yet', async () => {
    const made = await online({}, (server) => {
      server.addChat(7).append('one');
    });
    const held = made.server.chats.get(7);
    if (held === undefined) throw new Error('no chat');
    held.append('mine', me);
    held.append('👍', peer, { kind: reaction, replyTo: 2 });
    held.append('🎉', peer, { kind: reaction, replyTo: 2 });
    held.append('yours');
    made.server.answers.set('getChat', () => {
      const before = reply(replies.chat, { chat: held.wire });
      held.readUpTo = 2;
      return before;
    });
    made.server.connection.event(made.server.inbox.append('', me, { kind: settingsChanged, text: null, subjectId: 7 }));
    await made.clock.advance(0);
    expect(made.client.chat(7).summary).toMatchObject({ readUpTo: 2, unread: 1 });
  });

  test('ends with no reaction of one’s own, nor does the mark', async () => {
    const made = await online({}, (server) => {
      server.addChat(7).append('one');
    });
    const held = made.server.chats.get(7);
    if (held === undefined) throw new Error('no chat');
    made.client.chat(7).markRead(1);
    await say(made, reaction, { replyTo: 1, senderId: me });
    expect(made.client.chat(7).summary).toMatchObject({ headSequence: 2, readUpTo: 1, unread: 0 });

    held.readUpTo = 1;
    held.own = { archived: false, pinned: false, markedUnread: true, mutedUntilMs: null, theme: null, clearedUpTo: null, draft: null };
    made.server.connection.event(made.server.inbox.append('', me, { kind: settingsChanged, text: null, subjectId: 7 }));
    await made.clock.advance(0);
    expect(made.client.chat(7).summary?.own.markedUnread).toBe(true);
  });

  test('divides no window that has nothing but reactions to show', async () => {
    const made = await online({}, (server) => {
      const chat = server.addChat(7);
      chat.append('one');
      chat.append('👍', peer, { kind: reaction, replyTo: 1 });
      chat.readUpTo = 1;
    });
    await made.client.chat(7).open();
    expect(made.client.chat(7).messages.unreadAt).toBeNull();
  });
});

describe('the count', () => {
  test('takes bounded room, however many events are no messages', () => {
    const count = new UnreadCount();
    count.settle(1, 0, 1);
    for (let sequence = 2; sequence <= 5_000; sequence++) count.take({ sequence, kind: reaction });
    expect(count.count(5_000, 0)).toEqual({ unread: 1, exact: true });
    expect(count.count(5_000, 5_000)).toEqual({ unread: 0, exact: true });
  });

  test('takes nothing from an answer from before something was read', () => {
    const count = new UnreadCount();
    count.settle(47, 26, 9);
    count.settle(47, 20, 15);
    expect(count.count(47, 28)).toEqual({ unread: 9, exact: false });
  });

  test('is what a count of the log gives wherever it says that it is known', () => {
    for (let seed = 1; seed <= 40; seed++) {
      let state = seed;
      const below = (limit: number): number => {
        state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
        return Math.floor((state / 2 ** 32) * limit);
      };
      const log: boolean[] = [];
      const unread = (after: number, upTo: number): number => log.slice(after, upTo).filter((isMessage) => isMessage).length;
      const count = new UnreadCount();
      let read = 0;
      for (let step = 0; step < 400; step++) {
        const what = below(5);
        if (what === 0) {
          read += below(log.length - read + 1);
        } else if (what === 1) {
          const head = below(log.length + 1);
          const past = below(Math.min(read, head) + 1);
          count.settle(head, past, unread(past, head));
        } else {
          log.push(below(3) > 0);
          count.take({ sequence: log.length, kind: log.at(-1) ? message : reaction });
        }
        const counted = count.count(log.length, read);
        const truth = unread(read, log.length);
        const label = `seed ${seed}, step ${step}`;
        if (counted.exact) expect(counted.unread, label).toBe(truth);
        else expect(counted.unread, label).toBeGreaterThanOrEqual(truth);
      }
    }
  });
});
