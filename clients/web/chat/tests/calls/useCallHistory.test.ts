import type { CallPage, CallRecord } from '@chat/sdk';
import { afterEach, expect, it, vi } from 'vitest';
import { effectScope, nextTick, ref } from 'vue';
import { endOf, useCallHistory } from '../../src/calls/useCallHistory';

const scopes: ReturnType<typeof effectScope>[] = [];
afterEach(() => {
  for (const scope of scopes.splice(0)) scope.stop();
});
const settle = async () => {
  for (let turn = 0; turn < 5; turn++) await nextTick();
};
const page = (ids: number[], nextCursor: string | null = null): CallPage => ({
  calls: ids.map((callId) => ({ callId }) as CallRecord),
  nextCursor,
});

function setup(history: (options: { direction?: string; cursor?: string }) => Promise<CallPage>) {
  const changes = ref(0);
  const asked = vi.fn(history);
  const scope = effectScope();
  scopes.push(scope);
  const list = scope.run(() => useCallHistory({ history: asked } as never, () => changes.value));
  if (!list) throw new Error('no scope');
  return { ...list, asked, changes, ids: () => list.list.value.map(({ callId }) => callId) };
}

it('lists page after page, and the same filter on each', async () => {
  const { ids, more, filter, asked, hasMore } = setup(async ({ cursor }) => (cursor ? page([1]) : page([9, 4], 'x')));
  await settle();
  expect([ids(), hasMore.value]).toEqual([[9, 4], true]);
  filter.value = 'missed';
  await settle();
  await more();
  expect([ids(), hasMore.value]).toEqual([[9, 4, 1], false]);
  expect(asked.mock.calls.map(([options]) => options)).toEqual([
    { limit: 50 },
    { limit: 50, direction: 'missed' },
    { limit: 50, direction: 'missed', cursor: 'x' },
  ]);
});

it('is asked for anew when a call ended; an answer that comes late is not shown', async () => {
  const answers: ((found: CallPage) => void)[] = [];
  const { ids, changes, filter } = setup(() => new Promise((resolve) => answers.push(resolve)));
  filter.value = 'missed';
  await nextTick();
  answers[1]?.(page([4]));
  answers[0]?.(page([9]));
  await settle();
  expect(ids()).toEqual([4]);
  changes.value += 1;
  await nextTick();
  answers[2]?.(page([5, 4]));
  await settle();
  expect(ids()).toEqual([5, 4]);
});

it('says that it failed, and tries the same again', async () => {
  let fails = true;
  const { state, more, ids } = setup(async () => {
    if (fails) throw new Error('away');
    return page([3]);
  });
  await settle();
  expect(state.value).toBe('failed');
  fails = false;
  await more();
  expect([state.value, ids()]).toEqual(['done', [3]]);
});

it.each([
  [{ outgoing: true, part: 'left', status: 'ended' }, 'outgoing'],
  [{ outgoing: true, part: 'left', status: 'missed' }, 'unanswered'],
  [{ outgoing: true, part: 'left', status: 'declined' }, 'unanswered'],
  [{ outgoing: false, part: 'left', status: 'ended' }, 'incoming'],
  [{ outgoing: false, part: 'missed', status: 'missed' }, 'missed'],
  [{ outgoing: false, part: 'missed', status: 'ended' }, 'missed'], // a group talked without one
  [{ outgoing: false, part: 'busy', status: 'missed' }, 'missed'],
  [{ outgoing: false, part: 'declined', status: 'declined' }, 'declined'],
] as const)('of %o it says %s', (call, end) => {
  expect(endOf(call)).toBe(end);
});
