import { describe, expect, test, vi } from 'vitest';
import { LiveChatSettings } from '../src/chats/chat-settings.js';
import type { WireChat } from '../src/frames/elements.js';
import { me, peer } from './support/fake-server.js';
import { online, type World } from './support/world.js';

const own = { archived: false, pinned: false, markedUnread: false, mutedUntilMs: null, theme: null, clearedUpTo: null, draft: null };

async function made(settings: WireChat['own'] = null): Promise<World> {
  return online({}, (server) => {
    const chat = server.addChat(7);
    chat.append('first', me);
    chat.append('second', peer);
    chat.readUpTo = 2;
    chat.own = settings;
  });
}

async function told(world: World, kind: number, replyTo: number | null = null): Promise<void> {
  world.server.connection.event(world.server.inbox.append('', me, { kind, text: null, subjectId: 7, replyTo }));
  await world.clock.advance(0);
}

async function comes(world: World): Promise<void> {
  const event = world.server.chats.get(7)?.append('third', peer);
  if (event !== undefined) world.server.connection.event(event);
  await world.clock.advance(0);
}

const summary = (world: World) => world.client.chat(7).summary;

describe('what a chat is to oneself', () => {
  test('is as at the beginning when the service says nothing, and follows what another device did', async () => {
    const world = await made();
    expect(summary(world)?.own).toEqual(own);
    expect(summary(world)?.details).toMatchObject({ sendRole: 'member', editRole: 'admin', addRole: 'admin', description: null });

    const chat = world.server.chats.get(7);
    if (chat !== undefined) chat.own = { ...own, pinned: true, theme: 'night-sea', draft: { version: 3, text: 'Dear', replyTo: null } };
    await told(world, 36);
    expect(summary(world)?.own).toMatchObject({ pinned: true, theme: 'night-sea', draft: { version: 3, text: 'Dear' } });
  });

  test('a message takes it out of the archive', async () => {
    const world = await made({ ...own, archived: true });
    await comes(world);
    expect(summary(world)?.own.archived).toBe(false);
  });

  test('no message does while it is muted', async () => {
    const world = await made({ ...own, archived: true, mutedUntilMs: 9_000 });
    await comes(world);
    expect(summary(world)?.own.archived).toBe(true);
  });

  test('reading ends the mark of a chat that was marked as unread', async () => {
    const world = await made({ ...own, markedUnread: true });
    await comes(world);
    expect(summary(world)?.own.markedUnread).toBe(true);
    world.client.chat(7).markRead();
    expect(summary(world)?.own.markedUnread).toBe(false);
  });

  test('a history that was cleared leaves the window, whatever page brings it again', async () => {
    const world = await made();
    await world.client.chat(7).open();
    const cleared: unknown[] = [];
    world.client.on('cleared', (what) => cleared.push(what));
    await told(world, 38, 1);
    expect(world.client.chat(7).messages.items.map((item) => item.text)).toEqual(['second']);
    expect(cleared).toEqual([{ chatId: 7, upTo: 1 }]);
    world.client.chat(7).close();
    await world.client.chat(7).open();
    expect(world.client.chat(7).messages.items.map((item) => item.text)).toEqual(['second']);
  });
});

test('details that changed are asked for', async () => {
  const world = await made();
  const chat = world.server.chats.get(7);
  if (chat === undefined) throw new Error('no chat');
  chat.details = { sendRole: 2, editRole: 1, addRole: 9, description: 'Ships', avatar: null, theme: 'sand', handle: null };
  world.server.connection.event(chat.append('description', peer, { kind: 15 }));
  await world.clock.advance(0);
  expect(summary(world)?.details).toMatchObject({ sendRole: 'admin', editRole: 'member', addRole: 'unknown', description: 'Ships' });
});

describe('a draft', () => {
  const calls: unknown[] = [];
  const answers = async (url: URL, init: RequestInit): Promise<Response> => {
    calls.push([init.method, url.pathname, init.body === undefined ? undefined : JSON.parse(String(init.body))]);
    return new Response(null, { status: 204 });
  };

  test('is stored after a pause, once, and taken away by sending', async () => {
    calls.length = 0;
    vi.stubGlobal('fetch', answers);
    try {
      const world = await made();
      const { draft } = world.client.chat(7);
      draft.set('De');
      await world.clock.advance(1_000);
      draft.set('Dear', 2);
      await world.clock.advance(2_999);
      expect(calls).toEqual([]);
      await world.clock.advance(1);
      await draft.flush();
      expect(calls).toEqual([['PUT', '/api/chats/7/draft', { text: 'Dear', replyTo: 2 }]]);

      draft.set('Dear all');
      world.client.chat(7).send({ text: 'Dear all' });
      await draft.flush();
      expect(calls.slice(1)).toEqual([['DELETE', '/api/chats/7/draft', undefined]]);
      await world.clock.advance(10_000);
      expect(calls).toHaveLength(2);
    } finally {
      vi.unstubAllGlobals();
    }
  });

  test('of another device is taken away by sending, and none where there is none', async () => {
    calls.length = 0;
    vi.stubGlobal('fetch', answers);
    try {
      const world = await made({ ...own, draft: { version: 3, text: 'Dear', replyTo: null } });
      world.client.chat(7).send({ text: 'Dear all' });
      await world.client.chat(7).draft.flush();
      expect(calls).toEqual([['DELETE', '/api/chats/7/draft', undefined]]);

      const without = await made();
      without.client.chat(7).send({ text: 'Dear all' });
      await without.client.chat(7).draft.flush();
      expect(calls).toHaveLength(1);
    } finally {
      vi.unstubAllGlobals();
    }
  });
});

test('each setting is one call', async () => {
  const calls: unknown[] = [];
  const settings = new LiveChatSettings(async (method, path, body) => {
    calls.push([method, path, body]);
    return undefined;
  });

  await settings.mute(7);
  await settings.mute(7, new Date(0));
  await settings.unmute(7);
  await settings.archive(7);
  await settings.unarchive(7);
  await settings.pin(7);
  await settings.unpin(7);
  await settings.markUnread(7);
  await settings.unmarkUnread(7);
  await settings.setTheme(7, 'sand');
  await settings.setTheme(7, null);
  await settings.clear(7);
  await settings.clear(7, 3);
  await settings.update(7, { description: 'Ships', permissions: { send: 'admin' } });

  expect(calls).toEqual([
    ['POST', '/api/chats/7/mute', {}],
    ['POST', '/api/chats/7/mute', { until: '1970-01-01T00:00:00.000Z' }],
    ['DELETE', '/api/chats/7/mute', undefined],
    ['POST', '/api/chats/7/archive', undefined],
    ['DELETE', '/api/chats/7/archive', undefined],
    ['POST', '/api/chats/7/pin', undefined],
    ['DELETE', '/api/chats/7/pin', undefined],
    ['POST', '/api/chats/7/unread', undefined],
    ['DELETE', '/api/chats/7/unread', undefined],
    ['PUT', '/api/chats/7/theme', { theme: 'sand' }],
    ['PUT', '/api/chats/7/theme', {}],
    ['POST', '/api/chats/7/clear', {}],
    ['POST', '/api/chats/7/clear', { upTo: 3 }],
    ['PUT', '/api/chats/7', { description: 'Ships', permissions: { send: 'admin' } }],
  ]);
});
