import { ChatError } from '@chat/sdk';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { effectScope, nextTick, ref } from 'vue';
import { useMediaLink } from '../../src/media/useMediaLink';

let link: ReturnType<typeof vi.fn<(blobId: string) => Promise<unknown>>>;
let files: { link: (blobId: string) => Promise<unknown> };
vi.mock('../../src/connection/useConnection', () => ({ useConnection: () => ({ files }) }));

const LifeMs = 30 * 60_000;

beforeEach(() => {
  vi.useFakeTimers();
  let served = 0;
  link = vi.fn(async (blobId: string) => {
    served += 1;
    return { url: `https://chat.example/media/${blobId}?${served}`, expiresAt: new Date(Date.now() + LifeMs), file: {} };
  });
  files = { link: (blobId) => link(blobId) };
});
afterEach(() => void vi.useRealTimers());

function used(first = 'a') {
  const blobId = ref<string | undefined>(first);
  const scope = effectScope();
  const made = scope.run(() => useMediaLink(() => blobId.value));
  if (!made) throw new Error('the scope is active');
  return { ...made, blobId, leave: () => scope.stop() };
}
const settle = () => vi.advanceTimersByTimeAsync(0);

it('asks once for a file, however often its row is made again, until the link is about to end', async () => {
  for (let row = 0; row < 3; row += 1) {
    const { url, leave } = used();
    await settle();
    expect(url.value).toBe('https://chat.example/media/a?1');
    leave();
  }
  expect(link).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(LifeMs - 30_000);
  const { url } = used();
  await settle();
  expect(url.value).toBe('https://chat.example/media/a?2');
});

it('asks once for a file that several want at the same time, and again after it was refused', async () => {
  link.mockRejectedValueOnce(new Error('away'));
  const failed = [used(), used()];
  await settle();
  expect([failed.map(({ state }) => state.value), link.mock.calls.length]).toEqual([['failed', 'failed'], 1]);
  const rows = [used(), used(), used('b')];
  await settle();
  expect(rows.map(({ url }) => url.value.slice(-3))).toEqual(['a?1', 'a?1', 'b?2']);
});

it('a link that cannot be read is renewed once; then it has failed, until somebody tries again', async () => {
  const { url, state, renew, retry } = used();
  await settle();
  renew();
  expect([url.value, state.value]).toEqual(['', 'loading']);
  await settle();
  expect([url.value, state.value]).toEqual(['https://chat.example/media/a?2', 'ready']);
  renew();
  expect([url.value, state.value]).toEqual(['', 'failed']);
  retry();
  await settle();
  expect([url.value, state.value]).toEqual(['https://chat.example/media/a?3', 'ready']);
});

it('a file that is no longer there is told as that, and not asked for again', async () => {
  link.mockRejectedValue(new ChatError(220, 'gone'));
  const { state } = used();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(state.value).toBe('gone');
  expect(link).toHaveBeenCalledTimes(1);
});

it('asks again when the service says that it may, and gives up in the end', async () => {
  link.mockRejectedValue(new ChatError(401, 'slowly', { retryable: true, retryAfterMs: 700 }));
  const { state } = used();
  await vi.advanceTimersByTimeAsync(699);
  expect(link).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(link).toHaveBeenCalledTimes(2);
  await vi.advanceTimersByTimeAsync(60_000);
  expect([state.value, link.mock.calls.length]).toEqual(['failed', 4]);
});

it('an answer for a file that is no longer wanted is not taken', async () => {
  const { url, blobId } = used('slow');
  blobId.value = 'b';
  await nextTick();
  await settle();
  expect(url.value).toMatch(/\/b\?/);
});

it('a row that is gone asks no more', async () => {
  link.mockRejectedValue(new ChatError(401, 'slowly', { retryable: true }));
  const { leave } = used();
  await settle();
  leave();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(link).toHaveBeenCalledTimes(1);
});
