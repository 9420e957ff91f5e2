import { describe, expect, test } from 'vitest';
import type { ChatItem } from '../src/api.js';
import { createMessageActions } from '../src/chats/message-actions.js';
import * as errorCodes from '../src/error-codes.js';
import type { WireChanges, WireEvent } from '../src/frames/elements.js';
import { replies } from '../src/frames/replies.js';
import { me, peer, refusal, reply } from './support/fake-server.js';
import { online, type World } from './support/world.js';

const untouched: WireChanges = {
  asOf: 0,
  editedAtMs: null,
  deletedAtMs: null,
  deletedBy: null,
  pinnedAtMs: null,
  ownReaction: null,
  reactions: [],
};

async function opened(): Promise<World> {
  const made = await online({}, (server) => {
    const chat = server.addChat(7);
    chat.append('first', me);
    chat.append('second', peer);
    chat.readUpTo = 2;
  });
  await made.client.chat(7).open();
  return made;
}

/** What the peer does to a message, stored and pushed. */
async function change(made: World, kind: number, target: number, text: string | null = null, more: Partial<WireEvent> = {}): Promise<void> {
  const event = made.server.chats.get(7)?.append('', peer, { kind, replyTo: target, text, ...more }) as WireEvent;
  made.server.connection.event(event);
  await made.clock.advance(0);
}

const shown = (made: World): readonly ChatItem[] => made.client.chat(7).messages.items;

describe('what is done to a message', () => {
  test('is seen in the message and the list, and not as an entry of its own', async () => {
    const made = await opened();
    await change(made, 10, 2, 'second, corrected');
    expect(shown(made).map((item) => item.text)).toEqual(['first', 'second, corrected']);
    expect(shown(made)[1]?.changes).toMatchObject({ asOf: 3, editedAtMs: 5_002 });
    expect(made.client.chat(7).summary).toMatchObject({ headSequence: 3, lastItem: { sequence: 2, text: 'second, corrected' } });
    expect(made.heard.at(-1)).toMatchObject({ kind: 'edited', sequence: 3, target: 2, text: 'second, corrected' });
    expect(made.heard.at(-1)).not.toHaveProperty('replyTo');

    await change(made, 11, 2);
    expect(shown(made)[1]).not.toHaveProperty('text');
    expect(shown(made)[1]?.changes).toMatchObject({ asOf: 4, deletedBy: peer, editedAtMs: null });
    expect(made.client.chat(7).summary?.lastItem).not.toHaveProperty('text');
    await change(made, 10, 2, 'too late');
    expect(shown(made)[1]).not.toHaveProperty('text');
  });

  test('reactions are counted, one a person, replaced and taken back', async () => {
    const made = await opened();
    await createMessageActions(made.client).react(7, 2, '👍');
    await change(made, 12, 2, '👍');
    await change(made, 12, 2, '❤️', { senderId: 3 });
    expect(shown(made)[1]?.changes).toMatchObject({
      ownReaction: '👍',
      reactions: [
        { emoji: '👍', count: 2 },
        { emoji: '❤️', count: 1 },
      ],
    });
    await change(made, 12, 2, '❤️', { previous: '👍' });
    await change(made, 12, 2, '', { senderId: me, previous: '👍' });
    expect(shown(made)[1]?.changes).toMatchObject({ ownReaction: null, reactions: [{ emoji: '❤️', count: 2 }] });
    await change(made, 13, 2);
    expect(shown(made)[1]?.changes?.pinnedAtMs).toBe(5_007);
    await change(made, 14, 2);
    expect(shown(made)[1]?.changes?.pinnedAtMs).toBeNull();
  });

  test('that history counts in already is not counted twice', async () => {
    const made = await online({}, (server) => {
      const chat = server.addChat(7);
      chat.append('first', me, { changes: { ...untouched, asOf: 2, reactions: [{ emoji: '👍', count: 1 }] } });
      chat.append('', peer, { kind: 12, replyTo: 1, text: '👍' });
    });
    await made.client.chat(7).open();
    await change(made, 12, 1, '👍', { senderId: 3 });
    expect(shown(made)).toHaveLength(1);
    expect(shown(made)[0]?.changes?.reactions).toEqual([{ emoji: '👍', count: 2 }]);
  });

  test('is applied to a page that was asked for before it and came after it', async () => {
    const made = await online({}, (server) => server.addChat(7).append('first', me));
    made.server.answers.set('getHistory', (value: never) => {
      const page = made.server.chats.get(7)?.events.slice() ?? [];
      made.server.connection.event(made.server.chats.get(7)?.append('', peer, { kind: 10, replyTo: 1, text: 'edited' }) as WireEvent);
      const { chatId } = value as { chatId: number };
      return reply(replies.history, { chatId, epoch: 33, headSequence: 1, events: page, coversFrom: 1, coversTo: 1, hasMore: false });
    });
    await made.client.chat(7).open();
    await made.clock.advance(0);
    expect(shown(made).map((item) => item.text)).toEqual(['edited']);
  });

  test('whose text is withheld is read from history', async () => {
    const made = await opened();
    const chat = made.server.chats.get(7);
    const asked = made.server.received('getHistory').length;
    if (chat !== undefined)
      chat.events[1] = { ...(chat.events[1] as WireEvent), text: 'private', changes: { ...untouched, asOf: 3, editedAtMs: 1 } };
    await change(made, 10, 2, null);
    expect(made.server.received('getHistory').slice(asked)).toEqual([{ chatId: 7, after: 1, before: null, limit: 1 }]);
    expect(shown(made)[1]?.text).toBe('private');
    expect(made.client.chat(7).summary?.lastItem?.text).toBe('private');
  });

  test('whose text is withheld is read from history, too, when it came before the page that has the message', async () => {
    const made = await online({}, (server) => {
      const chat = server.addChat(7);
      for (const text of ['first', 'second', 'third']) chat.append(text, me);
    });
    const chat = made.server.chats.get(7);
    if (chat === undefined) throw new Error('no chat');
    made.server.answers.set('getHistory', () => {
      const events = chat.events.slice();
      if (chat.events.length > 3) return 'default';
      made.server.connection.event(chat.append('', peer, { kind: 10, replyTo: 1, text: null }));
      chat.events[0] = { ...(chat.events[0] as WireEvent), text: 'private', changes: { ...untouched, asOf: 4, editedAtMs: 1 } };
      return reply(replies.history, { chatId: 7, epoch: 33, headSequence: 3, events, coversFrom: 1, coversTo: 3, hasMore: false });
    });
    await made.client.chat(7).open();
    await made.clock.advance(0);
    expect(shown(made).map((item) => item.text)).toEqual(['private', 'second', 'third']);
  });

  test('a page of nothing but changes does not stop older messages from being loaded', async () => {
    const made = await online({}, (server) => {
      const chat = server.addChat(7);
      chat.append('oldest', peer);
      for (let i = 0; i < 10; i++) chat.append('', peer, { kind: 12, replyTo: 1, text: '👍' });
    });
    await made.client.chat(7).open({ window: 5 });
    for (let i = 0; i < 5 && made.client.chat(7).messages.hasOlder; i++) await made.client.chat(7).loadOlder();
    expect(shown(made).map((item) => item.text)).toEqual(['oldest']);
  });
});

test('a text that no push said is shown on an own message of just now, too, although it was reacted to meanwhile', async () => {
  const made = await opened();
  made.client.chat(7).send({ text: 'third' });
  await made.clock.advance(0);
  expect(shown(made)[2]?.outgoing?.state).toBeDefined();
  const fresh = { ...made.server.chats.get(7)?.events[2], text: 'third, corrected', changes: { ...untouched, asOf: 5, editedAtMs: 9 } };
  const page = { chatId: 7, epoch: 33, headSequence: 5, events: [fresh as WireEvent], coversFrom: 3, coversTo: 3, hasMore: true };
  made.server.answers.set('getHistory', () => reply(replies.history, page));
  for (const [kind, text] of [
    [10, null],
    [12, '👍'],
  ] as const)
    made.server.connection.event(made.server.chats.get(7)?.append('', peer, { kind, replyTo: 3, text }) as WireEvent);
  await made.clock.advance(0);
  expect(shown(made)[2]).toMatchObject({ text: 'third, corrected', changes: { asOf: 5 } });
});

test('stars are told by the inbox, on every device', async () => {
  const made = await opened();
  const told: unknown[] = [];
  made.client.on('starred', (star) => told.push(star));
  for (const kind of [33, 34]) {
    made.server.connection.event(made.server.inbox.append('', me, { kind, text: null, subjectId: 7, replyTo: 2 }));
    await made.clock.advance(0);
  }
  expect(told).toEqual([
    { chatId: 7, sequence: 2, starred: true },
    { chatId: 7, sequence: 2, starred: false },
  ]);
});

test('what one deleted for oneself leaves the window and the list, on every device', async () => {
  const made = await opened();
  const told: unknown[] = [];
  made.client.on('hidden', (hidden) => told.push(hidden));
  const held = made.server.chats.get(7);
  const first = held?.events[0];
  made.server.answers.set('getChat', () => ({ frame: replies.chat, value: { chat: { ...held?.wire, lastEvent: first } as never } }));
  made.server.connection.event(made.server.inbox.append('', me, { kind: 35, text: null, subjectId: 7, replyTo: 2 }));
  await made.clock.advance(0);
  expect(told).toEqual([{ chatId: 7, sequence: 2 }]);
  expect(shown(made).map((item) => item.text)).toEqual(['first']);
  expect(made.client.chat(7).summary?.lastItem).toMatchObject({ sequence: 1 });

  made.client.chat(7).close();
  await made.client.chat(7).open(); // a page that is older than the deletion
  expect(shown(made).map((item) => item.text)).toEqual(['first']);
});

test('what one deleted for oneself leaves the list, though the chat goes on while it is asked for', async () => {
  const made = await opened();
  const held = made.server.chats.get(7);
  let asked = 0;
  made.server.answers.set('getChat', () => {
    const chat = { ...held?.wire, lastEvent: held?.events[0] };
    if (++asked === 1) made.server.connection.event(held?.append('', peer, { kind: 12, replyTo: 1, text: '👍' }) as WireEvent);
    return { frame: replies.chat, value: { chat: chat as never } };
  });
  made.server.connection.event(made.server.inbox.append('', me, { kind: 35, text: null, subjectId: 7, replyTo: 2 }));
  await made.clock.advance(0);
  expect(made.client.chat(7).summary).toMatchObject({ headSequence: 3, lastItem: { sequence: 1 } });
  expect(asked).toBe(2);
});

describe('changing a message', () => {
  test('goes out again under the same id until it is stored', async () => {
    const made = await opened();
    let tries = 0;
    made.server.answers.set('editMessage', () => (tries++ === 0 ? refusal(errorCodes.unavailable, true, 10) : 'default'));
    const edited = createMessageActions(made.client).edit(7, 1, 'better');
    await made.clock.advance(60_000);
    await edited;
    const ids = made.server.received('editMessage').map((request) => request.clientMessageId);
    expect(ids).toHaveLength(2);
    expect(new Set(ids).size).toBe(1);
    expect(shown(made)[0]?.text).toBe('better');
    await createMessageActions(made.client).delete(7, 1);
    expect(shown(made)[0]?.changes?.deletedBy).toBe(me);
  });

  test('that is refused for good rejects', async () => {
    const made = await opened();
    made.server.answers.set('deleteMessage', () => refusal(errorCodes.too_late));
    await expect(createMessageActions(made.client).delete(7, 1)).rejects.toMatchObject({ code: errorCodes.too_late });
  });
});
