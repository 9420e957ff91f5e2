import { describe, expect, test } from 'vitest';
import { LiveMentions, mentioning } from '../src/chats/mentions.js';
import { errorCodes } from '../src/codes.js';
import { ChatError } from '../src/errors.js';
import type { WireEvent } from '../src/frames/elements.js';
import { pushes } from '../src/frames/pushes.js';
import { me, peer } from './support/fake-server.js';
import { online, type World } from './support/world.js';

const [edited, deleted, settingsChanged] = [10, 11, 36];

function naming(principalId: number): Partial<WireEvent> {
  const marks = [{ kind: 5, start: 0, length: 4, principalId }];
  const none = { media: null, location: null, contact: null, status: null, link: null };
  return { content: { kind: 1, forwarded: null, marks, ...none } };
}

interface Followed extends World {
  readonly mentions: LiveMentions;
  /** Paths that were asked for. */
  readonly asked: string[];
  readonly changed: number[];
  /** The next answers; then the server's. */
  readonly answers: (() => Promise<unknown>)[];
}

async function follow(prepare: (made: World['server']) => void = () => {}): Promise<Followed> {
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
  const mentions = new LiveMentions(made.client, get, made.clock, (chatId) => changed.push(chatId));
  return { ...made, mentions, asked, changed, answers };
}

async function say({ server, clock }: World, more: Partial<WireEvent> = {}, then = { count: 1, first: 2 } as object | null): Promise<void> {
  const chat = server.chats.get(7);
  if (chat === undefined) throw new Error('no chat');
  chat.mentions = then as typeof chat.mentions;
  server.connection.event(chat.append('text', peer, more));
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
    let answer: (value: unknown) => void = () => {};
    made.answers.push(
      () =>
        new Promise((resolve) => {
          answer = resolve;
        }),
    );
    await say(made, naming(me));
    await say(made, naming(me), { count: 2, first: 2 });
    answer({ readUpTo: 0, mentions: { count: 1, first: 2 } });
    await made.clock.advance(1_000);
    expect(made.mentions.of(7)).toEqual({ count: 2, first: 2 });
    expect(made.asked).toHaveLength(2);
  });

  test('is tried again while the service is busy, and is none of a chat that one is not in', async () => {
    const made = await follow();
    made.answers.push(() => Promise.reject(new ChatError(errorCodes.busy.code, 'busy', { retryable: true })));
    await say(made, naming(me));
    expect(made.mentions.of(7)).toBeNull();
    await made.clock.advance(1_000);
    expect(made.mentions.of(7)).toEqual({ count: 1, first: 2 });

    made.answers.push(() => Promise.reject(new ChatError(errorCodes.chat_not_found.code, 'gone')));
    await say(made, naming(me));
    expect(made.mentions.of(7)).toBeNull();
  });

  test('is asked for when the summary says something else, which may be older than what is known', async () => {
    const made = await follow((server) => Object.assign(server.chats.get(7) ?? {}, { mentions: { count: 1, first: 1 } }));
    await say(made, naming(me), { count: 2, first: 1 });
    expect(made.mentions.of(7)).toEqual({ count: 2, first: 1 });

    made.answers.push(async () => ({ readUpTo: 0, mentions: { count: 2, first: 1 } }));
    held(made, 0, { count: 1, first: 1 });
    made.server.connection.event(made.server.inbox.append('', me, { kind: settingsChanged, text: null, subjectId: 7 }));
    await made.clock.advance(0);

    expect(made.client.chat(7).summary?.mentions).toEqual({ count: 1, first: 1 });
    expect(made.mentions.of(7)).toEqual({ count: 2, first: 1 });
  });

  test('is followed no more once it is closed', async () => {
    const made = await follow();
    made.mentions.close();
    await say(made, naming(me));
    expect([made.asked, made.changed]).toEqual([[], []]);
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
