import type { ChatItem, FoundMessages, Search, SearchWish } from '@chat/sdk';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { effectScope, nextTick, ref, shallowRef } from 'vue';
import { useFind } from '../../src/find/useFind';
import { PauseMs } from '../../src/search/useMessageSearch';
import { item } from '../message/item';

const scopes: ReturnType<typeof effectScope>[] = [];
beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  for (const scope of scopes.splice(0)) scope.stop();
  vi.useRealTimers();
});

const page = (sequences: number[], nextCursor: string | null = null): FoundMessages => ({
  messages: sequences.map((sequence) => ({
    chatId: 7,
    sequence,
    senderId: 2,
    createdAt: '2026-11-20T12:00:00Z',
    text: 'river',
    kind: 'text',
    highlights: [],
  })),
  nextCursor,
});

function setup(messages: (wish: SearchWish) => Promise<FoundMessages>, loaded: ChatItem[] = []) {
  const query = ref('');
  const items = shallowRef<readonly ChatItem[]>(loaded);
  const shown: number[] = [];
  const scope = effectScope();
  scopes.push(scope);
  const found = scope.run(() =>
    useFind(query, { search: { messages } as unknown as Search, chatId: 7, items, show: (sequence) => shown.push(sequence) }),
  );
  if (!found) throw new Error('no scope');
  const type = async (text: string) => {
    query.value = text;
    await nextTick();
    await vi.advanceTimersByTimeAsync(PauseMs);
  };
  return { ...found, items, shown, type };
}

it('asks for the words in this chat alone, and shows the newest', async () => {
  const ask = vi.fn(async () => page([30, 12]));
  const { type, shown, place, count } = setup(ask);
  await type('river');
  expect(ask.mock.calls).toEqual([[{ text: 'river', limit: 20, chatId: 7 }]]);
  expect([shown, place.value, count.value]).toEqual([[30], 1, 2]);
});

it('goes to older ones, page after page, and after the oldest to the newest again', async () => {
  const ask = vi.fn(async ({ cursor }: SearchWish) => (cursor ? page([5]) : page([30, 12], 'more')));
  const { type, shown, older, newer, hasMore, count } = setup(ask);
  await type('river');
  await older();
  expect([ask.mock.calls.length, hasMore.value]).toEqual([1, true]);
  await older();
  expect([ask.mock.calls.length, hasMore.value, count.value]).toEqual([2, false, 3]);
  await older();
  newer();
  newer();
  expect(shown).toEqual([30, 12, 5, 30, 5, 12]);
});

it('knows what is loaded: also within words, and what was deleted meanwhile', async () => {
  const loaded = [item(8, 0, { text: 'By the Rivér!' }), item(9, 1, { text: 'upriver' }), item(10, 2, { text: 'sea' })];
  const { type, shown, older, items, count } = setup(async () => page([9, 3]), loaded);
  await type('river');
  expect([shown, count.value]).toEqual([[9], 3]);
  await older();
  await older();
  expect(shown).toEqual([9, 8, 3]);
  const deleted = { ...item(9, 1), changes: { deletedAtMs: 1, reactions: [] } } as unknown as ChatItem;
  items.value = [item(8, 0, { text: 'By the Rivér!' }), deleted];
  expect(count.value).toBe(2);
});

it('finds in what is loaded where the service cannot be asked, and asks again at the last', async () => {
  let away = true;
  const ask = vi.fn(async () => {
    if (away) throw new Error('away');
    return page([4]);
  });
  const { type, shown, older, state } = setup(ask, [item(8, 0, { text: 'river' })]);
  await type('river');
  expect([shown, state.value]).toEqual([[8], 'failed']);
  away = false;
  await older();
  expect([shown, state.value]).toEqual([[8, 4], 'done']);
});

it('looks at nothing while nothing is looked for', async () => {
  const { type, shown, count, place } = setup(async () => page([30]), [item(8, 0, { text: 'river' })]);
  await type('r');
  expect([shown, count.value, place.value]).toEqual([[], 0, 0]);
});
