import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { namesKnown } from '../../src/notices/namesKnown';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function setup(known: Record<number, string>) {
  const names = new Map(Object.entries(known).map(([id, name]) => [Number(id), name]));
  const asked = new Set<number>();
  const handlers = new Set<() => void>();
  const client = {
    principalName: (id: number) => (asked.add(id), names.get(id)),
    on: (_: string, handler: () => void) => {
      handlers.add(handler);
      return () => handlers.delete(handler);
    },
  };
  const told = vi.fn();
  const start = (people: readonly number[]) => void namesKnown(client as never, people, 500).then(told);
  const learn = async (id: number, name: string) => {
    names.set(id, name);
    for (const handler of handlers) handler();
    await vi.advanceTimersByTimeAsync(0);
  };
  return { asked, handlers, told, start, learn };
}

it('waits for nobody where all names are known', async () => {
  const { told, start, handlers } = setup({ 2: 'Ben' });
  start([2, 2]);
  await vi.advanceTimersByTimeAsync(0);
  expect([told.mock.calls.length, handlers.size]).toEqual([1, 0]);
});

it('asks for all at once, and waits until the last of them is known', async () => {
  const { asked, told, start, learn, handlers } = setup({});
  start([2, 3]);
  expect([...asked]).toEqual([2, 3]);
  await learn(2, 'Ben');
  expect(told).not.toHaveBeenCalled();
  await learn(3, 'Cleo');
  expect([told.mock.calls.length, handlers.size, vi.getTimerCount()]).toEqual([1, 0, 0]);
});

it('goes on without a name that does not come', async () => {
  const { told, start, handlers } = setup({});
  start([4]);
  await vi.advanceTimersByTimeAsync(499);
  expect(told).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  expect([told.mock.calls.length, handlers.size]).toEqual([1, 0]);
});
