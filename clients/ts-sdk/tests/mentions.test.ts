import { describe, expect, test } from 'vitest';
import type { ChatEvent, ChatList, ChatSummary } from '../src/api.js';
import { LiveMentions, type MentionsClient, mentioning } from '../src/chats/mentions.js';
import * as errorCodes from '../src/error-codes.js';
import { ChatError } from '../src/errors.js';
import type { WireEvent } from '../src/frames/elements.js';
import { pushes } from '../src/frames/pushes.js';
import { me, peer } from './support/fake-server.js';
import { online, type World } from './support/world.js';

const [removed, edited, deleted, hidden, settingsChanged] = [9, 10, 11, 35, 36];

function naming(principalId: number): Partial<WireEvent> {
  return { content: { kind: 'text', marks: [{ kind: 'mention', start: 0, length: 4, principalId }] } };
}

interface Followed extends World {
  readonly mentions: LiveMentions;
  /** Paths that were asked for. */
  readonly asked: string[];
  readonly changed: number[];
  /** The next answers; then the server's. */
  readonly answers: (() => Promise<unknown>)[];
}

async function follow(prepare: (made: World['server']) => void = () => {}, random = () => 0): Promise<Followed> {
  const made = await online({}, (server) => {
    server.addChat(7, 2).append('one');
    server.addChat(8, 2).append('one');
    prepare(server);
  });
  const asked: string[] = [];
  const changed: number[] = [];
  const answers: (() => Promise<unknown>)[] = [];
  const get = async (path: string): Promise<unknown> => {
    asked.push(path);
    const chat = made.server.chats.get(Number(path.split('/').at(-1)));
    return await (answers.shift()?.() ?? { readUpTo: chat?.readUpTo, mentions: chat?.mentions });
  };
  const mentions = new LiveMentions(made.client, get, { clock: made.clock, random }, (chatId) => changed.push(chatId));
  return { ...made, mentions, asked, changed, answers };
}

async function say({ server, clock }: World, more: Partial<WireEvent> = {}, then = { count: 1, first: 2 } as object | null): Promise<void> {
  const chat = server.chats.get(7);
  if (chat === undefined) throw new Error('no chat');
  chat.mentions = then as typeof chat.mentions;
  server.connection.event(chat.append('text', peer, more));
  await clock.advance(0);
}

/** Answers when it is told to. */
function later(made: Followed): (value: unknown) => void {
  let answer: (value: unknown) => void = () => {};
  made.answers.push(
    () =>
      new Promise((resolve) => {
        answer = resolve;
      }),
  );
  return (value) => answer(value);
}

/** The inbox says something of the chat. */
async function inbox({ server, clock }: World, kind: number, subjectId: number, more: Partial<WireEvent> = {}): Promise<void> {
  server.connection.event(server.inbox.append('', me, { kind, text: null, subjectId, ...more }));
  await clock.advance(0);
}

function held({ server }: World, readUpTo: number, mentions: { count: number; first: number } | null): void {
  const chat = server.chats.get(7);
  if (chat === undefined) throw new Error('no chat');
  Object.assign(chat, { readUpTo, mentions });
}

describe('which messages mention one', () => {
  test('is what the list of chats said, and the service says when one is mentioned', async () => {
    const made = await follow((server) => Object.assign(server.chats.get(8) ?? {}, { mentions: { count: 3, first: 1 } }));
    expect(made.client.chat(8).summary?.mentions).toEqual({ count: 3, first: 1 });
    expect([made.mentions.of(7), made.mentions.of(8)]).toEqual([null, { count: 3, first: 1 }]);

    await say(made, naming(me));

    expect(made.mentions.of(7)).toEqual({ count: 1, first: 2 });
    expect(made.asked).toEqual(['/api/chats/7']);
    expect(made.changed).toEqual([8, 7]);
  });

  test('is asked for when the service says so, not counted: a block, or a message that was passed on, mentions nobody', async () => {
    const made = await follow();
    await say(made, naming(me), null);
    expect(made.mentions.of(7)).toBeNull();
    expect(made.asked).toHaveLength(1);
  });

  test('is not asked for when others are mentioned or something else is edited', async () => {
    const made = await follow();
    await say(made, naming(peer), null);
    await say(made, { kind: edited, replyTo: 1 }, null);
    await say(made, { kind: deleted, replyTo: 1 }, null);
    expect(made.asked).toEqual([]);
  });

  test('goes with what is edited or deleted', async () => {
    const made = await follow();
    await say(made, naming(me));
    await say(made, { kind: edited, replyTo: 2 }, null);
    expect(made.mentions.of(7)).toBeNull();
  });

  test('ends when all is read, and is asked for when part of it is, until the service has stored that', async () => {
    const made = await follow();
    await say(made, naming(me));
    await say(made, naming(me), { count: 2, first: 2 });
    made.asked.length = 0;

    made.answers.push(async () => ({ readUpTo: 0, mentions: { count: 2, first: 2 } }));
    held(made, 2, { count: 1, first: 3 });
    made.client.chat(7).markRead(2);
    await made.clock.advance(0);
    expect(made.mentions.of(7)).toEqual({ count: 2, first: 2 });
    await made.clock.advance(1_000);
    expect(made.mentions.of(7)).toEqual({ count: 1, first: 3 });
    expect(made.asked.length).toBeGreaterThanOrEqual(2);

    made.asked.length = 0;
    made.client.chat(7).markRead();
    await made.clock.advance(0);
    expect(made.mentions.of(7)).toBeNull();
    expect(made.asked).toEqual([]);
  });

  test('is told of what another device has read', async () => {
    const made = await follow();
    await say(made, naming(me));
    await say(made, naming(me), { count: 2, first: 2 });
    held(made, 2, { count: 1, first: 3 });
    made.server.connection.push(pushes.receipts, { chatId: 7, receipts: [{ principalId: me, deliveredUpTo: 2, readUpTo: 2 }] });
    await made.clock.advance(0);
    expect(made.mentions.of(7)).toEqual({ count: 1, first: 3 });
  });

  test('is asked for once more when another mention comes while it is asked', async () => {
    const made = await follow();
    const answer = later(made);
    await say(made, naming(me));
    await say(made, naming(me), { count: 2, first: 2 });
    answer({ readUpTo: 0, mentions: { count: 1, first: 2 } });
    await made.clock.advance(1_000);
    expect(made.mentions.of(7)).toEqual({ count: 2, first: 2 });
    expect(made.asked).toHaveLength(2);
  });

  test('is tried again while the service is busy, and is none of a chat that one is not in', async () => {
    const made = await follow();
    made.answers.push(() => Promise.reject(new ChatError(errorCodes.busy, 'busy', { retryable: true })));
    await say(made, naming(me));
    expect(made.mentions.of(7)).toBeNull();
    await made.clock.advance(1_000);
    expect(made.mentions.of(7)).toEqual({ count: 1, first: 2 });

    made.answers.push(() => Promise.reject(new ChatError(errorCodes.chat_not_found, 'gone')));
    await say(made, naming(me));
    expect(made.mentions.of(7)).toBeNull();
  });

  test('is asked for when the summary says something else, which may be older than what is known', async () => {
    const made = await follow((server) => Object.assign(server.chats.get(7) ?? {}, { mentions: { count: 1, first: 1 } }));
    await say(made, naming(me), { count: 2, first: 1 });
    expect(made.mentions.of(7)).toEqual({ count: 2, first: 1 });

    made.answers.push(async () => ({ readUpTo: 0, mentions: { count: 2, first: 1 } }));
    held(made, 0, { count: 1, first: 1 });
    await inbox(made, settingsChanged, 7);

    expect(made.client.chat(7).summary?.mentions).toEqual({ count: 1, first: 1 });
    expect(made.mentions.of(7)).toEqual({ count: 2, first: 1 });
  });

  test('is what the summary says at once, also where the service refuses to confirm it', async () => {
    const made = await follow((server) => Object.assign(server.chats.get(7) ?? {}, { mentions: { count: 1, first: 1 } }));
    const answer = later(made);
    held(made, 0, { count: 3, first: 1 });
    await inbox(made, settingsChanged, 7);
    expect(made.mentions.of(7)).toEqual({ count: 3, first: 1 });
    answer({ readUpTo: 0, mentions: { count: 2, first: 1 } });
    await made.clock.advance(0);
    expect(made.mentions.of(7)).toEqual({ count: 2, first: 1 });

    made.answers.push(() => Promise.reject(new ChatError(errorCodes.not_allowed, 'no')));
    await say(made, naming(me), { count: 4, first: 1 });
    expect(made.mentions.of(7)).toEqual({ count: 3, first: 1 });
    expect(made.asked).toHaveLength(2);
  });

  test.each([edited, deleted, hidden])('is none of what goes while the answer is under way: %i', async (kind) => {
    const made = await follow();
    const answer = later(made);
    await say(made, naming(me));
    held(made, 0, null);
    if (kind === hidden) await inbox(made, hidden, 7, { replyTo: 2 });
    else await say(made, { kind, replyTo: 2 }, null);
    answer({ readUpTo: 0, mentions: { count: 1, first: 2 } });
    await made.clock.advance(1_000);
    expect(made.mentions.of(7)).toBeNull();
    expect(made.asked).toHaveLength(2);
  });

  test('is asked for after a pause, the longer the more there are in the chat, once for several messages', async () => {
    const many = Array.from({ length: 499 }, (_, index) => 100 + index);
    const made = await follow(
      (server) => server.addChat(7, 2, many).append('one'),
      () => 1,
    );
    await say(made, naming(me));
    await say(made, naming(me), { count: 2, first: 2 });
    await made.clock.advance(499);
    expect(made.asked).toEqual([]);
    await made.clock.advance(1);
    expect(made.mentions.of(7)).toEqual({ count: 2, first: 2 });
    expect(made.asked).toHaveLength(1);
  });

  test('is asked for in four chats at once and no more', async () => {
    const chatIds = [21, 22, 23, 24, 25, 26];
    const made = await follow((server) => {
      for (const chatId of chatIds) server.addChat(chatId, 2).append('one');
    });
    const answers = chatIds.map(() => later(made));
    for (const chatId of chatIds)
      made.server.connection.event(made.server.chats.get(chatId)?.append('text', peer, naming(me)) as WireEvent);
    await made.clock.advance(0);
    expect(made.asked).toHaveLength(4);

    for (const answer of answers) {
      answer({ readUpTo: 0, mentions: { count: 1, first: 2 } });
      await made.clock.advance(0);
    }
    expect(made.asked).toEqual(chatIds.map((chatId) => `/api/chats/${chatId}`));
    for (const chatId of chatIds) expect(made.mentions.of(chatId)).toEqual({ count: 1, first: 2 });
  });

  test('is asked for again where the app had no token for a while, and troubles nobody where it has none at all', async () => {
    const made = await follow();
    const noToken = (): Promise<unknown> => Promise.reject(new Error('no token'));
    made.answers.push(noToken);
    await say(made, naming(me));
    await made.clock.advance(1_000);
    expect(made.mentions.of(7)).toEqual({ count: 1, first: 2 });

    made.asked.length = 0;
    made.answers.push(noToken, noToken, noToken, noToken, noToken);
    await say(made, naming(me), { count: 2, first: 2 });
    await made.clock.advance(60_000);
    expect(made.asked).toHaveLength(5); // an unhandled rejection would fail this run
    expect(made.mentions.of(7)).toBeNull(); // as the summary has it

    await say(made, naming(me), { count: 3, first: 2 });
    expect(made.mentions.of(7)).toEqual({ count: 3, first: 2 });
  });

  test("is not asked for where one's own message, a forwarded one or one in a channel names one", async () => {
    const made = await follow((server) => server.addChat(9, 3).append('one'));
    const marked = naming(me).content;
    if (marked == null) throw new Error('no content');
    await say(made, { ...naming(me), senderId: me }, null);
    await say(made, { content: { ...marked, forwarded: 1 } }, null);
    await say(made, { content: { ...marked, marks: [{ kind: 'bold', start: 0, length: 4 }] } }, null);
    made.server.connection.event(made.server.chats.get(9)?.append('text', peer, naming(me)) as WireEvent);
    await made.clock.advance(0);
    expect(made.asked).toEqual([]);
  });

  test('goes with a chat that one is not in any more, and what was asked about it is not taken', async () => {
    const made = await follow((server) => Object.assign(server.chats.get(7) ?? {}, { mentions: { count: 1, first: 1 } }));
    const answer = later(made);
    await say(made, naming(me), { count: 2, first: 1 });
    made.changed.length = 0;

    made.server.chats.delete(7);
    await inbox(made, removed, 7);
    expect([made.mentions.of(7), made.changed]).toEqual([null, [7]]);
    answer({ readUpTo: 0, mentions: { count: 2, first: 1 } });
    await made.clock.advance(60_000);
    expect([made.mentions.of(7), made.changed, made.asked]).toEqual([null, [7], ['/api/chats/7']]);
  });

  test('is not what the list says of a chat that was heard of before it was listed', async () => {
    const made = await follow();
    const handlers: { chats?: (list: ChatList) => void; message?: (event: ChatEvent) => void } = {};
    const client = {
      me: { principalId: me, name: 'me' },
      chats: { items: [] as ChatSummary[] },
      chat: () => ({ summary: undefined }),
      on: (event: 'chats' | 'message', handler: never) => {
        handlers[event] = handler;
        return () => {};
      },
    };
    const get = async (): Promise<unknown> => ({ readUpTo: 0, mentions: { count: 1, first: 2 } });
    const mentions = new LiveMentions(client as unknown as MentionsClient, get, { clock: made.clock, random: () => 0 }, () => {});
    const event = { chatId: 70, kind: 'message', senderId: peer, content: { marks: [{ principalId: me }] } } as unknown;
    const summary = made.client.chat(7).summary as ChatSummary;
    const list = { items: [{ ...summary, chatId: 70, mentions: null }] } as unknown as ChatList;

    handlers.message?.(event as ChatEvent);
    await made.clock.advance(0);
    handlers.chats?.(list);
    expect(mentions.of(70)).toEqual({ count: 1, first: 2 });
  });

  test('is followed no more once it is closed', async () => {
    const made = await follow();
    const answer = later(made);
    await say(made, naming(me));
    made.mentions.close();
    answer({ readUpTo: 0, mentions: { count: 1, first: 2 } });
    await say(made, naming(me));
    expect([made.mentions.of(7), made.asked, made.changed]).toEqual([null, ['/api/chats/7'], []]);
  });

  test('is listed page after page', async () => {
    const made = await follow();
    made.answers.push(async () => ({ items: [{ chatId: 7, sequence: 2, text: 'text' }], nextCursor: '9' }));
    expect(await made.mentions.list({ cursor: '12', limit: 1 })).toEqual({ messages: [{ chatId: 7, sequence: 2 }], nextCursor: '9' });
    expect(made.asked).toEqual(['/api/mentions?cursor=12&limit=1']);
  });
});

test('a text is made with whom it mentions', () => {
  expect(mentioning('👋 ', { principalId: 3, text: '@Anna' }, ' and ', { principalId: 4, text: '@Bert' })).toEqual({
    text: '👋 @Anna and @Bert',
    content: {
      kind: 'text',
      marks: [
        { kind: 'mention', start: 3, length: 5, principalId: 3 },
        { kind: 'mention', start: 13, length: 5, principalId: 4 },
      ],
    },
  });
});
