import type { Chat, ChatItem, MediaPage, SharedMessage } from '@chat/sdk';
import { afterEach, expect, it, vi } from 'vitest';
import { effectScope, nextTick } from 'vue';
import { byMonth } from '../../src/gallery/months';
import { itemOf, useGallery } from '../../src/gallery/useGallery';

const scopes: ReturnType<typeof effectScope>[] = [];
afterEach(() => {
  for (const scope of scopes.splice(0)) scope.stop();
});
const settle = async () => {
  for (let turn = 0; turn < 5; turn++) await nextTick();
};

const media = { blobId: 'b', contentType: 'image/png', bytes: 9 };
const shared = (sequence: number): SharedMessage => ({
  chatId: 7,
  sequence,
  senderId: 2,
  createdAt: '2026-11-28T10:00:00.000Z',
  text: '',
  content: { kind: 'image', media },
});
const page = (sequences: number[], nextCursor: string | null = null): MediaPage => ({
  sequences,
  messages: sequences.map(shared),
  nextCursor,
});
const item = (sequence: number | null, over: Partial<ChatItem> = {}): ChatItem => ({
  chatId: 7,
  sequence,
  kind: 'message',
  senderId: 2,
  createdAtMs: 0,
  own: false,
  content: { kind: 'image', media },
  ...over,
});

function setup(answer: (options: { cursor?: string }) => Promise<MediaPage>) {
  const asked = vi.fn((_: number, options: { cursor?: string }) => answer(options));
  const items: ChatItem[] = [];
  let heard: (() => void) | undefined;
  const on = (_: string, handler: () => void) => {
    heard = handler;
    return () => {
      heard = undefined;
    };
  };
  const scope = effectScope();
  scopes.push(scope);
  const chat = { id: 7, messages: { items }, on } as unknown as Chat;
  const gallery = scope.run(() => useGallery(chat, ['image', 'video'], { media: asked } as never));
  if (!gallery) throw new Error('no scope');
  const sequences = () => gallery.messages.value.map(({ sequence }) => sequence);
  const now = (...shown: ChatItem[]) => {
    items.splice(0, items.length, ...shown);
    heard?.();
  };
  return { ...gallery, asked, sequences, now };
}

it('lists page after page, and tries again the one that failed', async () => {
  const { sequences, more, state, hasMore, asked } = setup(async ({ cursor }) => (cursor ? page([2]) : page([9, 4], '4')));
  await settle();
  expect([sequences(), hasMore.value]).toEqual([[9, 4], true]);
  asked.mockRejectedValueOnce(new Error('away'));
  await more();
  expect([state.value, sequences()]).toEqual(['failed', [9, 4]]);
  await more();
  expect([sequences(), hasMore.value]).toEqual([[9, 4, 2], false]);
  await more();
  expect(asked.mock.calls.map(([, options]) => options)).toEqual([
    { kinds: ['image', 'video'], limit: 60 },
    { kinds: ['image', 'video'], limit: 60, cursor: '4' },
    { kinds: ['image', 'video'], limit: 60, cursor: '4' },
  ]);
});

it('what is sent meanwhile stands first; other kinds and what is not sent yet do not', async () => {
  const { sequences, now } = setup(async () => page([4]));
  await settle();
  now(item(3), item(4), item(11), item(12, { content: { kind: 'document', media } }), item(13, { content: { kind: 'text' } }), item(null));
  expect(sequences()).toEqual([11, 4]);
});

it('what is deleted goes, also from a page that is on its way', async () => {
  let answer: (found: MediaPage) => void = () => undefined;
  const { sequences, now } = setup(() => new Promise((resolve) => (answer = resolve)));
  const gone = { changes: { deletedAtMs: 1 } } as never;
  now(item(4, gone));
  answer(page([9, 4]));
  await settle();
  expect(sequences()).toEqual([9]);
  now(item(9, gone));
  expect(sequences()).toEqual([]);
});

it('makes an item of its chat out of it, for the viewer', () => {
  expect(itemOf(shared(4))).toMatchObject({
    chatId: 7,
    sequence: 4,
    kind: 'message',
    createdAtMs: Date.parse('2026-11-28T10:00:00Z'),
    content: { kind: 'image' },
  });
});

it('cuts what it has into months, as it stands', () => {
  const times = ['2026-11-28T10:00:00', '2026-11-02T10:00:00', '2026-09-30T10:00:00'].map((text) => Date.parse(text));
  expect(byMonth(times, (time) => time, 'en').map(({ title, things }) => [title, things.length])).toEqual([
    ['November 2026', 2],
    ['September 2026', 1],
  ]);
  expect(byMonth([], () => 0, 'en')).toEqual([]);
});
