import { afterEach, expect, test, vi } from 'vitest';
import { type NotificationPlace, readPush, showPush } from '../src/push/worker.js';

const message = {
  v: 1,
  kind: 'message',
  chat: 7,
  sequence: 9,
  sender: { id: 4, name: 'Anna' },
  chatName: 'Team',
  text: 'Moin',
  count: 1,
  badge: 2,
  at: '2026-01-01T00:00:00Z',
};
const call = { v: 1, kind: 'call', chat: 7, call: 3, callKind: 'video', sender: { id: 4, name: 'Anna' }, at: '2026-01-01T00:00:00Z' };
const texts = {
  app: 'Chat',
  newMessages: (count: number) => (count === 1 ? 'New message' : `${count} new messages`),
  content: (kind: string) => (kind === 'image' ? 'Photo' : 'Message'),
  ringing: (kind: string) => `Incoming ${kind} call`,
  missed: (kind: string) => `Missed ${kind} call`,
  callEnded: 'Call ended',
};

const data = (value: unknown) => ({ json: () => value });

/** Notifications as a browser keeps them: one a tag. */
class FakePlace implements NotificationPlace {
  readonly shown = new Map<string, { title: string; body: string; silent: boolean; data: unknown }>();
  readonly all: string[] = [];

  async showNotification(title: string, options: NotificationOptions): Promise<void> {
    this.shown.set(options.tag ?? '', { title, body: options.body ?? '', silent: options.silent ?? false, data: options.data });
    this.all.push(`${title}|${options.body}`);
  }

  async getNotifications({ tag }: { tag: string }): Promise<{ data?: unknown; close(): void }[]> {
    const shown = this.shown.get(tag);
    return shown === undefined ? [] : [{ data: shown.data, close: () => this.shown.delete(tag) }];
  }
}

async function show(place: FakePlace, value: unknown): Promise<void> {
  const push = readPush(data(value));
  if (push === null) throw new Error('not read');
  await showPush(place, push, texts);
}

afterEach(() => vi.unstubAllGlobals());

test('what is not of this version, or nonsense, is read as nothing', () => {
  const bad = [
    null,
    1,
    'x',
    [],
    {},
    { ...message, v: 2 },
    { ...message, kind: 'poke' },
    { ...message, chat: '7' },
    { ...message, sequence: null },
    { ...call, call: 'x' },
  ];
  for (const value of bad) expect(readPush(data(value))).toBeNull();
  expect(readPush(null)).toBeNull();
  const broken = {
    json: () => {
      throw new SyntaxError('no JSON');
    },
  };
  expect(readPush(broken)).toBeNull();
});

test('what is not said is null', () => {
  const { sender, chatName, text, badge, ...bare } = message;
  expect(readPush(data(bare))).toEqual({
    kind: 'message',
    chatId: 7,
    sequence: 9,
    sender: null,
    chatName: null,
    text: null,
    content: null,
    mention: false,
    count: 1,
    badge: null,
    at: message.at,
  });
});

test('a mention has words of its own, where the app has some and it may be said who wrote', async () => {
  const place = new FakePlace();
  const mention = { ...message, mention: true };
  const { sender, text, ...unsaid } = mention;
  await show(place, mention);
  expect(place.all).toEqual(['Team|Anna: Moin']);

  const words = { ...texts, mentioned: (name: string) => `${name} mentioned you` };
  for (const one of [mention, { ...mention, text: undefined, count: 2 }, unsaid, message]) {
    const push = readPush(data(one));
    if (push !== null) await showPush(place, push, words);
  }

  expect(place.all.slice(1)).toEqual(
    ['Team|Anna mentioned you: Moin\n', 'Team|Anna mentioned you', 'Team|New message', 'Team|Anna: Moin'].map((line) => line.trimEnd()),
  );
});

test('an older message does not take the place of a newer one', async () => {
  const place = new FakePlace();
  await show(place, { ...message, sequence: 12, text: 'the newest' });
  await show(place, { ...message, sequence: 11, text: 'late' });
  await show(place, { ...message, sequence: 12, text: 'the newest, edited' });

  expect(place.all).toEqual(['Team|Anna: the newest', 'Team|Anna: the newest, edited']);
});

test('a message replaces what its chat shows, and sets the badge', async () => {
  const badges: number[] = [];
  vi.stubGlobal('navigator', { setAppBadge: async (count: number) => void badges.push(count) });
  const place = new FakePlace();
  await show(place, message);
  await show(place, { ...message, text: undefined, content: 'image', count: 3 });
  await show(place, { ...message, chat: 8, chatName: undefined, badge: undefined });
  const { sender, chatName, text, ...bare } = message;
  await show(place, { ...bare, chat: 9 });

  expect(place.all).toEqual(['Team|Anna: Moin', 'Team|Anna: Photo\n3 new messages', 'Anna|Moin', 'Chat|New message']);
  expect(place.shown.size).toBe(3);
  expect(badges).toEqual([2, 2, 2]);
});

test('a call rings, is missed in the same place, and goes when it was answered elsewhere', async () => {
  const place = new FakePlace();
  await show(place, call);
  await show(place, { ...call, kind: 'missed_call' });
  expect([...place.shown.values()]).toMatchObject([{ title: 'Anna', body: 'Missed video call', silent: false }]);
  await show(place, { ...call, call: 5 });
  await show(place, { ...call, call: 5, kind: 'call_ended' });

  expect(place.all).toEqual(['Anna|Incoming video call', 'Anna|Missed video call', 'Anna|Incoming video call', 'Anna|Call ended']);
  expect(place.shown.size).toBe(1);
});
