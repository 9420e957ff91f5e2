import { describe, expect, test } from 'vitest';
import { LiveChatSettings } from '../src/chats/chat-settings.js';
import type { WireChat } from '../src/frames/elements.js';
import { replies } from '../src/frames/replies.js';
import { me, peer, reply } from './support/fake-server.js';
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

describe('what changed for all of a chat', () => {
  test('is asked for, once for many changes, and the later the more there are', async () => {
    const world = await made();
    const chat = world.server.addChat(8, 2);
    chat.append('hello', peer);
    chat.members = Array.from({ length: 300 }, (_, i) => ({ ...(chat.members[0] as (typeof chat.members)[0]), principalId: i + 1 }));
    world.server.connection.event(world.server.inbox.append('', me, { kind: 8, text: null, subjectId: 8 }));
    await world.clock.advance(0);
    const asked = (): number => world.server.received('getChat').filter(({ chatId }) => chatId === 8).length;
    expect([asked(), world.client.chat(8).summary?.memberCount]).toEqual([1, 300]);

    chat.details = { sendRole: 2, editRole: 1, addRole: 9, description: 'Ships', avatar: null, theme: 'sand', handle: null };
    for (let i = 0; i < 5; i++) world.server.connection.event(chat.append('description', peer, { kind: 15 }));
    await world.clock.advance(299);
    expect(asked()).toBe(1);
    await world.clock.advance(1);
    expect(asked()).toBe(2);
    expect(world.client.chat(8).summary?.details).toMatchObject({
      sendRole: 'admin',
      editRole: 'member',
      addRole: 'unknown',
      description: 'Ships',
    });
  });

  test('is asked for within ten seconds, however many there are, and not after the end', async () => {
    const world = await made();
    const chat = world.server.chats.get(7);
    if (chat === undefined) throw new Error('no chat');
    chat.members = Array.from({ length: 20_000 }, (_, i) => ({ ...(chat.members[0] as (typeof chat.members)[0]), principalId: i + 1 }));
    await told(world, 36);
    const asked = (): number => world.server.received('getChat').filter(({ chatId }) => chatId === 7).length;
    expect(asked()).toBe(1);
    world.server.connection.event(chat.append('description', peer, { kind: 15 }));
    await world.clock.advance(9_999);
    expect(asked()).toBe(1);
    await world.clock.advance(1);
    expect(asked()).toBe(2);

    world.server.connection.event(chat.append('description', peer, { kind: 15 }));
    await world.clock.advance(0);
    await world.client.close();
    expect(world.clock.pending).toBe(0);
    await world.clock.advance(20_000);
    expect(asked()).toBe(2);
  });

  test('while it is asked for is asked for again: the answer may be of before', async () => {
    const world = await made();
    const chat = world.server.chats.get(7);
    if (chat === undefined) throw new Error('no chat');
    let asked = 0;
    world.server.answers.set('getChat', () => {
      const before = reply(replies.chat, { chat: chat.wire });
      if (++asked > 1) return before;
      chat.own = { ...own, pinned: true };
      queueMicrotask(() => void told(world, 36)); // comes before the answer
      return before;
    });
    await told(world, 36);
    expect([asked, summary(world)?.own.pinned]).toEqual([2, true]);
  });
});

describe('an answer that is older than what was pushed', () => {
  async function answeredLate(settings: WireChat['own'], meanwhile: (world: World) => void): Promise<World> {
    const world = await made(settings);
    const chat = world.server.chats.get(7);
    if (chat === undefined) throw new Error('no chat');
    world.server.answers.set('getChat', () => {
      const before = reply(replies.chat, { chat: chat.wire });
      queueMicrotask(() => meanwhile(world)); // comes before the answer
      return before;
    });
    await told(world, 36);
    return world;
  }

  test('does not bring back into the archive what a message took out', async () => {
    const third = (world: World) => world.server.say(7, 'third');
    const archived = await answeredLate({ ...own, archived: true }, third);
    expect(summary(archived)).toMatchObject({ headSequence: 3, own: { archived: false } });
    const muted = await answeredLate({ ...own, archived: true, mutedUntilMs: 9_000 }, third);
    expect(summary(muted)).toMatchObject({ headSequence: 3, own: { archived: true } });
  });

  test('does not bring back the mark that reading ended', async () => {
    const world = await answeredLate({ ...own, markedUnread: true }, (world) => {
      world.server.say(7, 'third');
      world.client.chat(7).markRead();
    });
    expect(summary(world)).toMatchObject({ readUpTo: 3, own: { markedUnread: false } });
  });

  test('keeps the mark of a device that had read more', async () => {
    const world = await made();
    await comes(world);
    world.server.answers.set('getChat', () => {
      const chat = world.server.chats.get(7) as NonNullable<ReturnType<typeof world.server.chats.get>>;
      return reply(replies.chat, { chat: { ...chat.wire, headSequence: 3, readUpTo: 3, own: { ...own, markedUnread: true } } });
    });
    world.server.say(7, 'fourth');
    await told(world, 36);
    expect(summary(world)).toMatchObject({ headSequence: 4, readUpTo: 3, own: { markedUnread: true } });
  });
});

test('pinned chats stand above the others, by activity among themselves', async () => {
  const world = await online({}, (server) => {
    for (const [chatId, pinned] of [
      [7, true],
      [8, false],
      [9, true],
      [10, false],
    ] as const) {
      const chat = server.addChat(chatId, 2);
      chat.append('hello', peer, { createdAtMs: 1_000 + chatId });
      chat.own = { ...own, pinned };
    }
  });
  expect(world.client.chats.items.map(({ chatId }) => chatId)).toEqual([9, 7, 10, 8]);
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
  await settings.markUnread(7, 5);
  await settings.unmarkUnread(7);
  await settings.setTheme(7, 'sand');
  await settings.setTheme(7, null);
  await settings.clear(7);
  await settings.clear(7, 3);
  await settings.update(7, { description: 'Ships', permissions: { send: 'admin' } });
  await settings.delete(7);

  expect(calls).toEqual([
    ['POST', '/api/chats/7/mute', {}],
    ['POST', '/api/chats/7/mute', { until: '1970-01-01T00:00:00.000Z' }],
    ['DELETE', '/api/chats/7/mute', undefined],
    ['POST', '/api/chats/7/archive', undefined],
    ['DELETE', '/api/chats/7/archive', undefined],
    ['POST', '/api/chats/7/pin', undefined],
    ['DELETE', '/api/chats/7/pin', undefined],
    ['POST', '/api/chats/7/unread', undefined],
    ['POST', '/api/chats/7/unread?readUpTo=5', undefined],
    ['DELETE', '/api/chats/7/unread', undefined],
    ['PUT', '/api/chats/7/theme', { theme: 'sand' }],
    ['PUT', '/api/chats/7/theme', {}],
    ['POST', '/api/chats/7/clear', {}],
    ['POST', '/api/chats/7/clear', { upTo: 3 }],
    ['PUT', '/api/chats/7', { description: 'Ships', permissions: { send: 'admin' } }],
    ['DELETE', '/api/chats/7', undefined],
  ]);
});
