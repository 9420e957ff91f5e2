import type { ChatItem, ClientEvents } from '@chat/sdk';
import { afterEach, expect, it, vi } from 'vitest';
import { effectScope, nextTick, shallowRef } from 'vue';
import { usePinned } from '../../src/message/pins/usePinned';
import { item } from './item';

const scopes: ReturnType<typeof effectScope>[] = [];
afterEach(() => {
  for (const scope of scopes.splice(0)) scope.stop();
});
const settle = async () => {
  for (let turn = 0; turn < 8; turn++) await nextTick();
};

function setup(pinned: () => Promise<number[]>, loaded: ChatItem[] = []) {
  const handlers = new Map<string, (payload: never) => void>();
  const on = (event: string, handler: (payload: never) => void) => {
    handlers.set(event, handler);
    return () => void handlers.delete(event);
  };
  const history = vi.fn(async ({ after = 0 }: { after?: number } = {}) => ({ events: [item(after + 1, 0, { text: `old ${after + 1}` })] }));
  const scope = effectScope();
  scopes.push(scope);
  const found = scope.run(() => usePinned({ id: 7, history } as never, { client: { on }, messageActions: { pinned } }, shallowRef(loaded)));
  if (!found) throw new Error('no scope');
  const tell = (event: Partial<ClientEvents['message']>) => handlers.get('message')?.({ chatId: 7, ...event } as never);
  return { ...found, history, tell, handlers, scope };
}

it('shows the newest first, leads back to the older ones and round again, and asks only for what is not loaded', async () => {
  const { item: shown, place, next, history } = setup(async () => [9, 3], [item(9, 0, { text: 'here' })]);
  await settle();
  expect([shown.value?.text, place.value]).toEqual(['here', 2]);
  next();
  await settle();
  expect([shown.value?.text, place.value]).toEqual(['old 3', 1]);
  next();
  await settle();
  expect(shown.value?.text).toBe('here');
  expect(history.mock.calls).toEqual([[{ after: 2, limit: 1 }]]);
});

it('follows pins of its chat, and no other events', async () => {
  const pinned = vi.fn(async () => [] as number[]);
  const { tell, sequence } = setup(pinned);
  await settle();
  expect(sequence.value).toBeNull();
  tell({ kind: 'message' });
  tell({ kind: 'pinned', chatId: 8 });
  expect(pinned).toHaveBeenCalledTimes(1);
  pinned.mockResolvedValueOnce([4]);
  tell({ kind: 'pinned' });
  await settle();
  expect(sequence.value).toBe(4);
  tell({ kind: 'unpinned' });
  await settle();
  expect(sequence.value).toBeNull();
});

it('an answer that comes late does not go before a newer one, and a fault leaves what is shown', async () => {
  let late: (sequences: number[]) => void = () => undefined;
  const pinned = vi.fn(() => new Promise<number[]>((resolve) => (late = resolve)));
  const { tell, sequence } = setup(pinned);
  const first = late;
  pinned.mockResolvedValueOnce([5]);
  tell({ kind: 'pinned' });
  await settle();
  first([1]);
  await settle();
  expect(sequence.value).toBe(5);
  pinned.mockRejectedValueOnce(new Error('away'));
  tell({ kind: 'unpinned' });
  await settle();
  expect(sequence.value).toBe(5);
});
