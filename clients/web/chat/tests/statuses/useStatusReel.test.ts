import type { Status } from '@chat/sdk';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { effectScope } from 'vue';
import { standsMs, useStatusReel } from '../../src/statuses/useStatusReel';

const scopes: ReturnType<typeof effectScope>[] = [];
beforeEach(() => void vi.useFakeTimers({ now: Date.parse('2026-11-28T12:00:00Z') }));
afterEach(() => {
  for (const scope of scopes.splice(0)) scope.stop();
  vi.useRealTimers();
});

const statusOf = (id: number, over: Partial<Status> = {}): Status => ({
  id,
  authorId: Math.floor(id / 10),
  kind: 'text',
  text: '',
  background: null,
  font: null,
  media: null,
  createdAt: '2026-11-28T10:00:00Z',
  expiresAt: '2026-11-29T10:00:00Z',
  seen: false,
  ...over,
});

async function setup(shown: Record<number, Status[]>, startId: number, load = async (id: number) => shown[id] ?? []) {
  const seen: number[] = [];
  const ended = vi.fn();
  const scope = effectScope();
  scopes.push(scope);
  const reel = scope.run(() => useStatusReel(Object.keys(shown).map(Number), startId, { load, seen: ({ id }) => seen.push(id), ended }));
  if (!reel) throw new Error('no scope');
  await vi.advanceTimersByTimeAsync(0);
  return { ...reel, seen, ended, scope };
}
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

it('begins with what is new, gives each its time, goes on to the next person and ends after the last', async () => {
  const { current, author, seen, ended } = await setup({ 2: [statusOf(20, { seen: true }), statusOf(21)], 3: [statusOf(30)] }, 2);
  expect([current.value?.id, seen]).toEqual([21, [21]]);
  await pass(4_900);
  expect(current.value?.id).toBe(21);
  await pass(150);
  expect([current.value?.id, author.value]).toEqual([30, 3]);
  await pass(5_050);
  expect([ended.mock.calls.length, seen]).toEqual([1, [21, 30]]);
});

it('where all was seen it begins at the first; what is over is not shown', async () => {
  const over = statusOf(20, { expiresAt: '2026-11-28T11:59:59Z' });
  const { items, current } = await setup({ 2: [over, statusOf(21, { seen: true }), statusOf(22, { seen: true })] }, 2);
  expect([items.value.length, current.value?.id]).toEqual([2, 21]);
});

it('goes back within a person, to the last one of the person before, and at the very first begins that anew', async () => {
  const { previous, next, current, progress } = await setup({ 2: [statusOf(20), statusOf(21)], 3: [statusOf(30), statusOf(31)] }, 3);
  next();
  previous();
  expect(current.value?.id).toBe(30);
  previous();
  await pass(0);
  expect(current.value?.id).toBe(21);
  previous();
  await pass(1_000);
  expect([current.value?.id, progress.value]).toEqual([20, 0.2]);
  previous();
  expect([current.value?.id, progress.value]).toEqual([20, 0]);
});

it('time stands still while it is paused, while anything holds it, and until a picture is there', async () => {
  const { runs, paused, hold, ready, progress } = await setup({ 2: [statusOf(20, { kind: 'image' })] }, 2);
  await pass(9_000);
  expect([runs.value, progress.value]).toEqual([false, 0]);
  ready();
  hold('finger', true);
  hold('reply', true);
  hold('finger', false);
  await pass(9_000);
  expect(progress.value).toBe(0);
  hold('reply', false);
  await pass(1_000);
  expect(progress.value).toBe(0.2);
  paused.value = true;
  await pass(9_000);
  expect(progress.value).toBe(0.2);
});

it('a film stands as long as it is, a text as long as it takes to read', async () => {
  expect(standsMs(statusOf(1, { text: 'x'.repeat(100) }))).toBe(9_500);
  expect(standsMs(statusOf(1, { text: 'x'.repeat(700) }))).toBe(15_000);
  const media = { blobId: 'b', contentType: 'video/mp4', bytes: 1 };
  expect(standsMs(statusOf(1, { kind: 'video', media: { ...media, durationMs: 22_000 } }))).toBe(22_000);
  const { ready, progress } = await setup({ 2: [statusOf(20, { kind: 'video', media })] }, 2);
  ready(40_000);
  await pass(10_000);
  expect(progress.value).toBe(0.25);
  ready(Number.POSITIVE_INFINITY);
  expect(progress.value).toBe(1);
});

it('what cannot be loaded can be tried again; who shows nothing any more says so', async () => {
  let fails = true;
  const load = async (): Promise<Status[]> => {
    if (fails) throw new Error('away');
    return [];
  };
  const { phase, retry } = await setup({ 2: [] }, 2, load);
  expect(phase.value).toBe('failed');
  fails = false;
  await retry();
  expect(phase.value).toBe('empty');
});

it('what was deleted goes, and with the last one it ends', async () => {
  const { drop, current, ended } = await setup({ 2: [statusOf(20), statusOf(21)] }, 2);
  drop(20);
  expect(current.value?.id).toBe(21);
  drop(21);
  expect(ended).toHaveBeenCalledOnce();
});

it('an answer that comes after one went on is not shown', async () => {
  const answers = new Map<number, (found: Status[]) => void>();
  const load = (id: number) => new Promise<Status[]>((resolve) => answers.set(id, resolve));
  const { author, current, next } = await setup({ 2: [], 3: [] }, 2, load);
  next();
  answers.get(3)?.([statusOf(30)]);
  answers.get(2)?.([statusOf(20)]);
  await pass(0);
  expect([author.value, current.value?.id]).toEqual([3, 30]);
});
