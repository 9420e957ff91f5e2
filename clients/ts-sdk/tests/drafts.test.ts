import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createDrafts, type Drafts } from '../src/chats/drafts.js';
import { createMessageActions } from '../src/chats/message-actions.js';
import type { WireChat } from '../src/frames/elements.js';
import { me, peer } from './support/fake-server.js';
import { online, type World } from './support/world.js';

const own = { archived: false, pinned: false, markedUnread: false, mutedUntilMs: null, theme: null, clearedUpTo: null, draft: null };

interface DraftWorld extends World {
  readonly drafts: Drafts;
}

async function made(settings: WireChat['own'] = null): Promise<DraftWorld> {
  const world = await online({}, (server) => {
    const chat = server.addChat(7);
    chat.append('first', me);
    chat.append('second', peer);
    chat.readUpTo = 2;
    chat.own = settings;
  });
  return { ...world, drafts: createDrafts(world.client) };
}

describe('a draft', () => {
  const calls: unknown[] = [];
  const answers = async (url: URL, init: RequestInit): Promise<Response> => {
    calls.push([init.method, url.pathname, init.body === undefined ? undefined : JSON.parse(String(init.body))]);
    return new Response(null, { status: 204 });
  };

  beforeEach(() => {
    calls.length = 0;
    vi.stubGlobal('fetch', answers);
  });
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  test('is stored after a pause, once, and taken away by sending', async () => {
    const world = await made();
    world.drafts.set(7, 'De');
    await world.clock.advance(1_000);
    world.drafts.set(7, 'Dear', 2);
    await world.clock.advance(2_999);
    expect(calls).toEqual([]);
    await world.clock.advance(1);
    await world.drafts.flush(7);
    expect(calls).toEqual([['PUT', '/api/chats/7/draft', { text: 'Dear', replyTo: 2 }]]);

    world.drafts.set(7, 'Dear all');
    world.client.chat(7).send({ text: 'Dear all' });
    await world.drafts.flush(7);
    expect(calls.slice(1)).toEqual([['DELETE', '/api/chats/7/draft', undefined]]);
    await world.clock.advance(10_000);
    expect(calls).toHaveLength(2);
  });

  const stored = (version: number, text: string): WireChat['own'] => ({ ...own, draft: { version, text, replyTo: null } });
  const deleted = ['DELETE', '/api/chats/7/draft', undefined];

  /** Another device stored a draft, or there is none now. */
  async function becomes(world: DraftWorld, settings: WireChat['own']): Promise<void> {
    const chat = world.server.chats.get(7);
    if (chat !== undefined) chat.own = settings;
    world.server.connection.event(world.server.inbox.append('', me, { kind: 37, text: null, subjectId: 7 }));
    await world.clock.advance(0);
  }

  async function sends(world: DraftWorld, text: string): Promise<void> {
    world.client.chat(7).send({ text });
    await world.drafts.flush(7);
  }

  test.each<[string, (world: DraftWorld) => Promise<void> | void, unknown[]]>([
    ['none is there', () => {}, []],
    ['another device began one meanwhile', (world) => becomes(world, stored(3, 'Hello')), []],
    ['it was sent as another device left it', (world) => becomes(world, stored(3, 'Dear all')), [deleted]],
    [
      'another device began one after the person began here',
      async (world) => {
        world.drafts.set(7, 'Dear');
        await becomes(world, stored(3, 'Hello'));
      },
      [],
    ],
    [
      'the person went on with that of another device',
      async (world) => {
        await becomes(world, stored(3, 'Dear'));
        world.drafts.set(7, 'Dear all');
      },
      [deleted],
    ],
    [
      'this device wrote it, told or not',
      async (world) => {
        world.drafts.set(7, 'De');
        await world.clock.advance(3_000);
        world.drafts.set(7, 'Dear');
        await world.drafts.flush(7);
        await becomes(world, stored(3, 'De'));
      },
      [
        ['PUT', '/api/chats/7/draft', { text: 'De', replyTo: null }],
        ['PUT', '/api/chats/7/draft', { text: 'Dear', replyTo: null }],
        deleted,
      ],
    ],
    [
      'this device wrote over that of another',
      async (world) => {
        world.drafts.set(7, 'Dear');
        await becomes(world, stored(3, 'Hello'));
        await world.clock.advance(3_000);
      },
      [['PUT', '/api/chats/7/draft', { text: 'Dear', replyTo: null }], deleted],
    ],
    [
      'another device wrote over it',
      async (world) => {
        world.drafts.set(7, 'Dear');
        await world.clock.advance(3_000);
        await becomes(world, stored(4, 'Hello'));
      },
      [['PUT', '/api/chats/7/draft', { text: 'Dear', replyTo: null }]],
    ],
  ])('goes with what is sent only if it is what was written here: %s', async (_, before, expected) => {
    const world = await made();
    await before(world);
    await sends(world, 'Dear all');
    expect(calls).toEqual(expected);
  });

  test('that could not be taken away is taken away later, unless it is another one by then', async () => {
    for (const isReplaced of [false, true]) {
      let refusals = 2;
      calls.length = 0;
      vi.stubGlobal('fetch', async (url: URL, init: RequestInit) => {
        const answer = await answers(url, init);
        if (refusals-- <= 0) return answer;
        return new Response(JSON.stringify({ code: 403, detail: 'later', retryable: true, retryAfterMs: 2_000 }), { status: 429 });
      });
      try {
        const world = await made(stored(3, 'Dear all'));
        world.client.chat(7).send({ text: 'Dear all' });
        await world.clock.advance(2_000);
        expect(calls).toEqual([deleted, deleted]);
        if (isReplaced) await becomes(world, stored(4, 'Hello'));
        await world.clock.advance(60_000);
        expect(calls).toHaveLength(isReplaced ? 2 : 3);
      } finally {
        vi.unstubAllGlobals();
      }
    }
  });

  test('stays when a message is passed on', async () => {
    const world = await made();
    world.drafts.set(7, 'second');
    await world.drafts.flush(7);
    const { events } = await world.client.chat(7).history();
    createMessageActions(world.client).forward(events[1] as (typeof events)[0], 7);
    await world.drafts.flush(7);
    expect(calls).toEqual([['PUT', '/api/chats/7/draft', { text: 'second', replyTo: null }]]);
  });

  test('stays when it is no more listened to', async () => {
    const world = await made(stored(3, 'Dear all'));
    world.drafts.close();
    world.client.chat(7).send({ text: 'Dear all' });
    await world.drafts.flush(7);
    expect(calls).toEqual([]);
  });
});
