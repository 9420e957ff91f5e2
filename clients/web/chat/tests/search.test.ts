import type { FoundMessage, FoundMessages, Search, SearchWish } from '@chat/sdk';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { effectScope, nextTick, ref } from 'vue';
import { excerpt } from '../src/search/excerpt';
import { PauseMs, useMessageSearch } from '../src/search/useMessageSearch';

const scopes: ReturnType<typeof effectScope>[] = [];
beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  for (const scope of scopes.splice(0)) scope.stop();
  vi.useRealTimers();
});

const message = (sequence: number): FoundMessage => ({
  chatId: 7,
  sequence,
  senderId: 2,
  createdAt: '2026-11-20T12:00:00Z',
  text: `text ${sequence}`,
  kind: 'text',
  highlights: [],
});
const page = (sequences: number[], nextCursor: string | null = null): FoundMessages => ({ messages: sequences.map(message), nextCursor });

function setup(messages: (wish: SearchWish) => Promise<FoundMessages>, first = '') {
  const query = ref(first);
  const scope = effectScope();
  scopes.push(scope);
  const found = scope.run(() => useMessageSearch(query, { messages } as unknown as Search));
  if (!found) throw new Error('no scope');
  const type = async (text: string, wait = PauseMs) => {
    query.value = text;
    await nextTick();
    await vi.advanceTimersByTimeAsync(wait);
  };
  const sequences = () => found.messages.value.map((one) => one.sequence);
  return { ...found, type, sequences };
}

describe('the search for messages', () => {
  it('asks once the typing pauses, from two letters on', async () => {
    const ask = vi.fn(async () => page([3, 2]));
    const { type, state, sequences } = setup(ask);
    await type('f');
    expect([ask.mock.calls.length, state.value]).toEqual([0, 'idle']);
    await type('fr', PauseMs - 1);
    await type(' fri ');
    expect(ask.mock.calls).toEqual([[{ text: 'fri', limit: 20 }]]);
    expect([sequences(), state.value]).toEqual([[3, 2], 'done']);
    await type('');
    expect([sequences(), state.value]).toEqual([[], 'idle']);
  });

  it('does not take what was asked for another text', async () => {
    let late: (found: FoundMessages) => void = () => undefined;
    const ask = vi.fn(async () => page([9])).mockImplementationOnce(() => new Promise((resolve) => (late = resolve)));
    const { type, sequences } = setup(ask);
    await type('old');
    await type('new');
    late(page([1]));
    await vi.advanceTimersByTimeAsync(0);
    expect(sequences()).toEqual([9]);
  });

  it('goes on over empty pages, page after page, and tries again what failed', async () => {
    const pages = [page([], 'a'), page([5], 'b'), page([4])];
    const ask = vi.fn(async (_: SearchWish) => pages.shift() as FoundMessages);
    const { type, sequences, hasMore, more, state } = setup(ask);
    await type('word');
    expect([sequences(), hasMore.value]).toEqual([[5], true]);
    ask.mockRejectedValueOnce(new Error('away'));
    await more();
    expect(state.value).toBe('failed');
    await more();
    expect(ask.mock.calls.map(([wish]) => wish.cursor)).toEqual([undefined, 'a', 'b', 'b']);
    expect([sequences(), hasMore.value, state.value]).toEqual([[5, 4], false, 'done']);
    await more();
    expect(ask).toHaveBeenCalledTimes(4);
  });
});

describe('an excerpt', () => {
  const marked = (text: string, ...words: string[]) =>
    excerpt({ text, highlights: words.map((word) => ({ start: text.indexOf(word), length: word.length })) });

  it('shows what was found, and begins near it', () => {
    expect(marked('We ship on\nFriday', 'ship')).toEqual([
      { text: 'We ', found: false },
      { text: 'ship', found: true },
      { text: ' on Friday', found: false },
    ]);
    const far = marked(`${'before '.repeat(20)}ship and Friday`, 'ship', 'Friday');
    expect(far[0]?.text).toBe('…');
    expect(far.map((part) => part.text).join('')).toMatch(/^…(before ){2,4}ship and Friday$/u);
    expect(far.filter((part) => part.found).map((part) => part.text)).toEqual(['ship', 'Friday']);
  });

  it('never begins or ends within a character, and ends', () => {
    const [, lead] = marked(`${'🎉'.repeat(30)}ship${'x'.repeat(500)}`, 'ship');
    expect(lead?.text).not.toMatch(/\p{Surrogate}/u);
    expect(marked(`x${'🎉'.repeat(200)}`)[0]?.text).toBe(`x${'🎉'.repeat(79)}`);
    expect(marked('x'.repeat(500)).map((part) => part.text.length)).toEqual([160]);
    expect(marked('')).toEqual([]);
  });
});
