import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { WireEvent } from '../src/frames/elements.js';
import type { WireHistory } from '../src/frames/replies.js';
import { ChatCursor } from '../src/sync/cursor.js';
import { Sync } from '../src/sync/sync.js';
import { FakeChat } from './support/fake-server.js';
import { settled } from './support/manual-clock.js';

const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31));
console.info(`sync.order seed ${seed}`);

const chatId = 7;
const epoch = 33;

function log(length: number): FakeChat {
  const chat = new FakeChat(chatId);
  for (let i = 0; i < length; i++) chat.append(`m${i + 1}`);
  return chat;
}

function page(chat: FakeChat, after: number, limit: number): WireHistory {
  const events = chat.events.filter((event) => event.sequence > after).slice(0, limit);
  const coversTo = events.at(-1)?.sequence ?? after;
  return { chatId, epoch, headSequence: chat.head, events, coversFrom: after + 1, coversTo, hasMore: coversTo < chat.head };
}

describe('the cursor', () => {
  const [e1, e2, e3] = log(3).events as [WireEvent, WireEvent, WireEvent];

  test('delivers the next, drops the known, keeps the early', () => {
    const cursor = new ChatCursor(epoch, 0);
    expect(cursor.offer(e1)).toEqual([e1]);
    expect(cursor.offer(e1)).toEqual([]);
    expect(cursor.offer(e3)).toEqual([]);
    expect(cursor.isBehind).toBe(true);
    expect(cursor.offer(e2)).toEqual([e2, e3]);
    expect(cursor.isBehind).toBe(false);
  });

  test('a page with events that one may not see moves the position over them', () => {
    const cursor = new ChatCursor(epoch, 0);
    cursor.offer(e3);
    const covered: WireHistory = { chatId, epoch, headSequence: 3, events: [e1], coversFrom: 1, coversTo: 2, hasMore: true };
    expect(cursor.fill(covered)).toEqual([e1, e3]);
    expect(cursor.sequence).toBe(3);
  });

  test('a page that does not join on changes nothing', () => {
    const cursor = new ChatCursor(epoch, 0);
    expect(cursor.fill({ chatId, epoch, headSequence: 3, events: [e3], coversFrom: 3, coversTo: 3, hasMore: false })).toEqual([]);
    expect(cursor.sequence).toBe(0);
  });

  test('a page that holds an event twice, out of its place or of another chat gives each of its own once and in order', () => {
    const cursor = new ChatCursor(epoch, 0);
    const jumbled: WireHistory = {
      chatId,
      epoch,
      headSequence: 3,
      events: [e2, e1, e2, { ...e3, chatId: 8 }, e3, e3],
      coversFrom: 1,
      coversTo: 3,
      hasMore: false,
    };
    expect(cursor.fill(jumbled)).toEqual([e2, e3]);
    expect(cursor.sequence).toBe(3);
  });

  test('what is kept aside is bounded', () => {
    const cursor = new ChatCursor(epoch, 0);
    const many = log(5_000).events;
    for (const event of many.slice(1)) cursor.offer(event);
    const all = many.map((event) => event.sequence);
    const taken = cursor.offer(many[0] as WireEvent).map((event) => event.sequence);
    expect(taken).toEqual(all.slice(0, taken.length));
    expect(taken.length).toBeLessThan(1_100);
    expect(cursor.isBehind).toBe(true);
  });
});

interface Step {
  readonly kind: 'push' | 'gap' | 'answer' | 'store';
  readonly pick: number;
}

const steps = fc.array(fc.record<Step>({ kind: fc.constantFrom('push', 'push', 'push', 'gap', 'answer', 'store'), pick: fc.nat(1_000) }), {
  maxLength: 120,
});

// P6: complete, ordered, once.
test('whatever is lost, doubled or reordered below, every event is delivered once and in order', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 7 }), steps, async (length, limit, plan) => {
      const chat = log(length);
      const got: number[] = [];
      const asked: { after: number; resolve(history: WireHistory): void }[] = [];
      const sync = new Sync(
        {
          fetch: (_, after) => new Promise((resolve) => asked.push({ after, resolve })),
          deliver: (event) => got.push(event.sequence),
          discontinued: () => expect.unreachable('nothing is void here'),
          pause: () => Promise.resolve(),
          failed: (error) => expect.unreachable(error.message),
        },
        10_000,
      );
      sync.follow(chatId, epoch, 0, 0);

      const answer = async (): Promise<void> => {
        const next = asked.shift();
        next?.resolve(page(chat, next.after, limit));
        await settled();
      };
      for (const { kind, pick } of plan) {
        if (kind === 'store') chat.append('late');
        else if (kind === 'push') sync.offer(chat.events[pick % chat.head] as WireEvent);
        else if (kind === 'gap') sync.announce(chatId, (pick % chat.head) + 1);
        else await answer();
      }
      sync.announce(chatId, chat.head);
      await settled();
      while (asked.length > 0) {
        expect(asked).toHaveLength(1); // one fetch of a chat at a time
        await answer();
      }

      expect(got).toEqual(chat.events.map((event) => event.sequence));
    }),
    { seed, numRuns: 400 },
  );
}, 60_000);

test('a hole that history does not have is asked for again and given up at last, in the open', async () => {
  const chat = log(5);
  const got: number[] = [];
  const told: string[] = [];
  let fetches = 0;
  const sync = new Sync(
    {
      fetch: async (_, after) => {
        fetches++;
        return { chatId, epoch, headSequence: after, events: [], coversFrom: after + 1, coversTo: after, hasMore: false };
      },
      deliver: (event) => got.push(event.sequence),
      discontinued: (event) => told.push(event.reason),
      pause: () => Promise.resolve(),
      failed: (error) => expect.unreachable(error.message),
    },
    10_000,
  );
  sync.follow(chatId, epoch, 1, 1);
  sync.offer(chat.events[3] as WireEvent);
  await settled();
  expect(fetches).toBe(6);
  expect(told).toEqual(['unfillable']);
  expect(got).toEqual([4]);
});

test('an event that no log can have is dropped, and leaves no position behind', () => {
  const sync = new Sync(
    {
      fetch: () => expect.unreachable('nothing is missing'),
      deliver: () => expect.unreachable('sequences start at 1'),
      discontinued: () => expect.unreachable('nothing is void here'),
      pause: () => Promise.resolve(),
      failed: (error) => expect.unreachable(error.message),
    },
    10_000,
  );
  sync.offer({ ...(log(1).events[0] as WireEvent), sequence: 0 });
  expect(sync.positions()).toEqual([]);
});
