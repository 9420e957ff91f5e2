import type { ClientEvents, StarredPage } from '@chat/sdk';
import { afterEach, expect, it, vi } from 'vitest';
import { effectScope, nextTick } from 'vue';
import { useStarredList } from '../src/starred/useStarredList';

const scopes: ReturnType<typeof effectScope>[] = [];
afterEach(() => {
  for (const scope of scopes.splice(0)) scope.stop();
});
const settle = async () => {
  for (let turn = 0; turn < 5; turn++) await nextTick();
};
const page = (sequences: number[], nextCursor: string | null = null): StarredPage => ({
  messages: sequences.map((sequence) => ({ chatId: 7, sequence, text: `text ${sequence}` })),
  nextCursor,
});

function setup(starred: (cursor?: string) => Promise<StarredPage>) {
  let handler: ((star: ClientEvents['starred']) => void) | undefined;
  const on = (_: string, heard: typeof handler) => {
    handler = heard;
    return () => {
      handler = undefined;
    };
  };
  const scope = effectScope();
  scopes.push(scope);
  const list = scope.run(() => useStarredList({ on } as never, { list: starred }));
  if (!list) throw new Error('no scope');
  const sequences = () => list.messages.value.map((one) => one.sequence);
  return { ...list, sequences, tell: (sequence: number, on: boolean) => handler?.({ chatId: 7, sequence, starred: on }) };
}

it('lists page after page, and tries again the one that failed', async () => {
  const starred = vi.fn(async (cursor?: string) => (cursor ? page([1]) : page([9, 4], 'x')));
  const { sequences, more, state, hasMore } = setup(starred);
  await settle();
  expect([sequences(), hasMore.value]).toEqual([[9, 4], true]);
  starred.mockRejectedValueOnce(new Error('away'));
  await more();
  expect([state.value, sequences()]).toEqual(['failed', [9, 4]]);
  await more();
  expect([sequences(), hasMore.value, state.value]).toEqual([[9, 4, 1], false, 'done']);
  await more();
  expect(starred).toHaveBeenCalledTimes(3);
});

it('what loses its star goes, also from a page that is on its way', async () => {
  let answer: (found: StarredPage) => void = () => undefined;
  const { sequences, tell } = setup(() => new Promise((resolve) => (answer = resolve)));
  tell(4, false);
  answer(page([9, 4]));
  await settle();
  expect(sequences()).toEqual([9]);
  tell(9, false);
  expect(sequences()).toEqual([]);
});
