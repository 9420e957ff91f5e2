import { expect, test } from 'vitest';
import { LiveJoining } from '../src/chats/joining.js';

type Call = [string, string, unknown];

function joiningWith(answer: (path: string) => unknown): { joining: LiveJoining; calls: Call[] } {
  const calls: Call[] = [];
  const joining = new LiveJoining(async (method, path, body) => {
    calls.push([method, path, body]);
    return answer(path);
  });
  return { joining, calls };
}

const link = (code: string) => ({ code, chatId: 7, createdBy: 12, createdAt: '2026-01-01T00:00:00+00:00', uses: 1, revoked: code === 'b' });

test('channels are made, looked at and subscribed to by their public name', async () => {
  const { joining, calls } = joiningWith((path) =>
    path.endsWith('news') ? { chatId: 7, kind: 'channel', name: 'News', memberCount: 20_000, joined: false } : { chatId: 7 },
  );

  expect(await joining.createChannel({ name: 'News', handle: 'harbour_news' })).toBe(7);
  expect(await joining.previewChannel('harbour_news')).toEqual({
    chatId: 7,
    kind: 'channel',
    name: 'News',
    description: null,
    avatar: null,
    memberCount: 20_000,
    joined: false,
  });
  expect(await joining.subscribe('harbour_news')).toBe(7);

  expect(calls).toEqual([
    ['POST', '/api/channels', { name: 'News', handle: 'harbour_news' }],
    ['GET', '/api/channels/harbour_news', undefined],
    ['POST', '/api/channels/harbour_news/subscribe', undefined],
  ]);
});

test('links are made, listed page after page, revoked and used', async () => {
  const { joining, calls } = joiningWith((path) => {
    if (path.endsWith('limit=100')) return { items: [link('a')], nextCursor: '5.a' };
    if (path.includes('cursor=')) return { items: [link('b')] };
    return path.startsWith('/api/invites/') ? { chatId: 7, kind: 'later', memberCount: 3 } : link('a');
  });

  const made = await joining.createInvite(7, { expiresAt: new Date(0), maxUses: 3 });
  const all = await joining.invites(7);
  await joining.revokeInvite(7, 'a/b');
  const preview = await joining.previewInvite('a');
  expect(await joining.join('a')).toBe(7);

  expect([made.code, made.maxUses, made.expiresAt]).toEqual(['a', null, null]);
  expect(all.map((one) => [one.code, one.revoked])).toEqual([
    ['a', false],
    ['b', true],
  ]);
  expect(preview).toMatchObject({ kind: 'unknown', name: null, joined: false });
  expect(calls.map(([method, path]) => `${method} ${path}`)).toEqual([
    'POST /api/chats/7/invites',
    'GET /api/chats/7/invites?limit=100',
    'GET /api/chats/7/invites?limit=100&cursor=5.a',
    'DELETE /api/chats/7/invites/a%2Fb',
    'GET /api/invites/a',
    'POST /api/invites/a/join',
  ]);
  expect(calls[0]?.[2]).toEqual({ expiresAt: '1970-01-01T00:00:00.000Z', maxUses: 3 });
});

test('what was shared is asked for by kind, and a strange answer is refused', async () => {
  const media = { blobId: 'b', contentType: 'image/png', bytes: 9, width: 3, height: 2, fileName: null };
  const shared = (sequence: number, content: object) => ({ chatId: 7, sequence, senderId: 2, createdAt: '2026-01-01T00:00:00Z', content });
  const items = [
    { ...shared(9, { kind: 'image', media, location: null, contact: null }), text: 'The lake' },
    shared(4, { kind: 'location', location: { latitude: 1.5, longitude: -2, name: 'Here' } }),
    shared(3, { kind: 'contact', contact: 'BEGIN:VCARD' }),
    shared(2, { kind: 'hologram', location: { latitude: 0, longitude: 0, name: null } }),
  ];
  const { joining, calls } = joiningWith((path) => (path.includes('limit') ? {} : { items, nextCursor: '4' }));

  const page = await joining.media(7);
  expect([page.sequences, page.nextCursor]).toEqual([[9, 4, 3, 2], '4']);
  const whole = { ...media, fileName: undefined };
  expect(page.messages.map(({ text, content }) => [text, content])).toEqual([
    ['The lake', { kind: 'image', media: whole }],
    ['', { kind: 'location', location: { latitude: 1.5, longitude: -2, name: 'Here' } }],
    ['', { kind: 'contact', contact: 'BEGIN:VCARD' }],
    ['', { kind: 'unknown', location: { latitude: 0, longitude: 0 } }],
  ]);
  expect(page.messages[0]).toMatchObject({ chatId: 7, sequence: 9, senderId: 2, createdAt: '2026-01-01T00:00:00Z' });
  expect(await joining.media(7, { kinds: ['voice', 'audio'], cursor: '4' })).toMatchObject({ sequences: [9, 4, 3, 2] });
  await expect(joining.media(7, { limit: 5 })).rejects.toThrow("no good 'items'");

  expect(calls.map(([, path]) => path)).toEqual([
    '/api/chats/7/media',
    '/api/chats/7/media?kind=voice&kind=audio&cursor=4',
    '/api/chats/7/media?limit=5',
  ]);
});
