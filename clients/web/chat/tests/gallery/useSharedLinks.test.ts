import type { ChatEvent, ChatItem, HistoryPage } from '@chat/sdk';
import { afterEach, expect, it, vi } from 'vitest';
import { effectScope, nextTick } from 'vue';
import { linksOf, useSharedLinks } from '../../src/gallery/useSharedLinks';

const scopes: ReturnType<typeof effectScope>[] = [];
afterEach(() => {
  for (const scope of scopes.splice(0)) scope.stop();
});
const settle = async () => {
  for (let turn = 0; turn < 30; turn++) await nextTick();
};

const event = (sequence: number, text: string, over: Partial<ChatEvent> = {}): ChatEvent => ({
  chatId: 7,
  sequence,
  kind: 'message',
  senderId: 2,
  createdAtMs: sequence * 1_000,
  own: false,
  text,
  ...over,
});

/** A chat of so many messages, a hundred a page; `linked` of them have a link. */
function setup(count: number, linked: (sequence: number) => boolean) {
  const history = vi.fn(async ({ before = count + 1 }: { before?: number }): Promise<HistoryPage> => {
    const from = Math.max(1, before - 100);
    const events = Array.from({ length: before - from }, (_, i) =>
      event(from + i, linked(from + i) ? `see https://a.example/${from + i}` : 'words'),
    );
    return { epoch: 1, headSequence: count, events, coversFrom: from, coversTo: before - 1, hasMore: from > 1 };
  });
  const scope = effectScope();
  scopes.push(scope);
  const items: ChatItem[] = [];
  let heard: (() => void) | undefined;
  const on = (_: string, handler: () => void) => {
    heard = handler;
    return () => {
      heard = undefined;
    };
  };
  const found = scope.run(() => useSharedLinks({ history, messages: { items }, on } as never));
  if (!found) throw new Error('no scope');
  const now = (...shown: ChatItem[]) => {
    items.splice(0, items.length, ...shown);
    heard?.();
  };
  return { ...found, history, now, urls: () => found.links.value.map(({ url }) => url) };
}

it('finds each address of a text once, with the card that the message carries', () => {
  const preview = { url: 'https://a.example/1', title: 'A', token: 't' };
  const links = linksOf(
    event(3, 'https://a.example/1, http://b.example. https://a.example/1 javascript:alert(1)', {
      content: { kind: 'text', link: preview },
    }),
  );
  expect(links.map(({ url, preview: card }) => [url, card?.title])).toEqual([
    ['https://a.example/1', 'A'],
    ['http://b.example', undefined],
  ]);
  expect(linksOf(event(3, 'https://a.example', { changes: { deletedAtMs: 1 } as never }))).toEqual([]);
  expect(linksOf(event(3, 'https://a.example', { kind: 'renamed' }))).toEqual([]);
});

it('goes back until there are some, the newest first, and to the very beginning when asked', async () => {
  const { urls, hasMore, more, history, state } = setup(230, (sequence) => sequence % 10 === 0);
  await settle();
  expect([urls()[0], urls().length, hasMore.value, history.mock.calls.length]).toEqual(['https://a.example/230', 20, true, 2]);
  await more();
  expect([urls().at(-1), urls().length, hasMore.value, state.value]).toEqual(['https://a.example/10', 23, false, 'done']);
});

it('of a chat without links it looks at some pages at a time, and says how far back', async () => {
  const { urls, history, hasMore, backToMs } = setup(2_000, () => false);
  await settle();
  expect([urls(), history.mock.calls.length, hasMore.value, backToMs.value]).toEqual([[], 5, true, 1_501_000]);
});

it('says that it failed, and goes on from there', async () => {
  const { state, more, urls, history } = setup(150, (sequence) => sequence === 120 || sequence === 5);
  history.mockImplementationOnce(() => Promise.reject(new Error('away')));
  await settle();
  expect([state.value, urls()]).toEqual(['failed', ['https://a.example/120']]);
  await more();
  expect([state.value, urls()]).toEqual(['done', ['https://a.example/120', 'https://a.example/5']]);
});

it('what is sent meanwhile stands first, once; what is deleted goes', async () => {
  const { urls, now } = setup(3, (sequence) => sequence === 2);
  now(event(4, 'https://b.example/4')); // while the first page is on its way
  await settle();
  expect(urls()).toEqual(['https://b.example/4', 'https://a.example/2']);
  const pending: ChatItem = { ...event(0, 'https://b.example/later'), sequence: null };
  now(event(2, 'see https://a.example/2'), event(4, 'https://b.example/4'), event(5, 'https://b.example/5'), pending);
  expect(urls()).toEqual(['https://b.example/5', 'https://b.example/4', 'https://a.example/2']);
  now(event(4, '', { changes: { deletedAtMs: 1 } as never }));
  expect(urls()).toEqual(['https://b.example/5', 'https://a.example/2']);
});
