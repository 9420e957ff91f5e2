import { type ChatClient, ChatError, type ClientEvents, type MemberReceipt, type MessageReceipts } from '@chat/sdk';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { effectScope, watch } from 'vue';
import { MostRetryMs, RefreshMs, SettleMs, TimesMs, useMessageReceipts } from '../../src/message/useMessageReceipts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const member = (principalId: number, read = false): MemberReceipt => ({
  principalId,
  delivered: true,
  read,
  deliveredAt: null,
  readAt: null,
});

const away = new Error('away');

/** A service whose members are those of `state`, `pageSize` of them a page. */
async function opened(pageSize = 100, first: MemberReceipt[] = [member(2), member(3)], fault: Error | null = null) {
  const state = { members: first, fault, answersInMs: 0 };
  const cursors: (string | undefined)[] = [];
  const listeners = new Map<keyof ClientEvents, (value: never) => void>();
  const stopped: string[] = [];
  const faults: unknown[] = [];
  const client = {
    on: (name: keyof ClientEvents, listener: (value: never) => void) => {
      listeners.set(name, listener);
      return () => void stopped.push(name);
    },
  } as unknown as ChatClient;
  const info = async (_chat: number, _sequence: number, options?: { cursor?: string }): Promise<MessageReceipts> => {
    cursors.push(options?.cursor);
    if (state.answersInMs > 0) await new Promise((resolve) => setTimeout(resolve, state.answersInMs));
    if (state.fault) throw state.fault;
    const rest = state.members.filter((one) => one.principalId > Number(options?.cursor ?? 0));
    const members = rest.slice(0, pageSize);
    return {
      members,
      deliveredCount: state.members.length,
      readCount: state.members.filter((one) => one.read).length,
      memberCount: state.members.length,
      nextCursor: rest.length > pageSize ? String(members.at(-1)?.principalId) : null,
    };
  };
  const scope = effectScope();
  const composed = scope.run(() => useMessageReceipts(7, 12, { info }, client, (fault) => faults.push(fault)));
  if (!composed) throw new Error('the scope is active');
  await vi.advanceTimersByTimeAsync(0);
  const emit = (name: 'receipts' | 'message', chatId = 7) => listeners.get(name)?.({ chatId, receipts: [] } as never);
  const connect = (kind = 'online') => listeners.get('state')?.({ to: { kind } } as never);
  return { ...composed, state, cursors, emit, connect, stopped, faults, leave: () => scope.stop() };
}

const ids = (members: readonly MemberReceipt[]) => members.map((one) => one.principalId);

it('asks once more after the times are written, and then no more', async () => {
  const { cursors, read, state } = await opened();
  state.members = [member(2, true), member(3)];
  await vi.advanceTimersByTimeAsync(TimesMs - 1);
  expect(cursors).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(ids(read.value)).toEqual([2]);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(cursors).toHaveLength(2);
});

it.each(['receipts', 'message'] as const)('asks again when %s of the chat came, and again for the time', async (name) => {
  const { cursors, read, delivered, counts, state, emit } = await opened();
  await vi.advanceTimersByTimeAsync(TimesMs + RefreshMs);
  state.members = [member(2, true), member(3)];
  emit(name, 8); // another chat
  await vi.advanceTimersByTimeAsync(60_000);
  expect(cursors).toHaveLength(2);

  emit(name);
  await vi.advanceTimersByTimeAsync(SettleMs - 1);
  expect(cursors).toHaveLength(2);
  await vi.advanceTimersByTimeAsync(1);
  expect([ids(read.value), ids(delivered.value), counts.value?.readCount]).toEqual([[2], [3], 1]);
  await vi.advanceTimersByTimeAsync(TimesMs);
  expect(cursors).toHaveLength(4);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(cursors).toHaveLength(4);
});

it('asks every few seconds at most, however much is read, and for the times of what came last', async () => {
  const { cursors, emit } = await opened();
  for (let ms = 0; ms < 60_000; ms += 100) {
    emit('receipts');
    await vi.advanceTimersByTimeAsync(100);
  }
  expect(cursors.length).toBeGreaterThan(10);
  expect(cursors.length).toBeLessThanOrEqual(1 + 60_000 / RefreshMs);

  emit('receipts');
  const before = cursors.length;
  await vi.advanceTimersByTimeAsync(60_000);
  expect(cursors.length - before).toBe(2);
});

it('a change just before the times of the opening are asked for is followed by a question of its own', async () => {
  const { cursors, emit } = await opened();
  await vi.advanceTimersByTimeAsync(TimesMs - 10);
  emit('receipts');
  await vi.advanceTimersByTimeAsync(10);
  expect(cursors).toHaveLength(2);
  await vi.advanceTimersByTimeAsync(TimesMs);
  expect(cursors).toHaveLength(3);
});

it('asks anew for the pages that are shown, up to three, keeps what is behind them, and goes on there', async () => {
  const many = [2, 3, 4, 5, 6, 7, 8, 9, 10];
  const { cursors, state, more, delivered, hasMore, emit } = await opened(
    2,
    many.map((id) => member(id)),
  );
  for (let page = 0; page < 3; page++) await more();
  expect(ids(delivered.value)).toEqual(many.slice(0, 8));
  cursors.length = 0;

  state.members = many.filter((id) => id !== 3).map((id) => member(id)); // one has left
  emit('receipts');
  await vi.advanceTimersByTimeAsync(RefreshMs);
  expect(cursors).toEqual([undefined, '4', '6']);
  expect(ids(delivered.value)).toEqual([2, 4, 5, 6, 7, 8, 9]);
  expect(hasMore.value).toBe(true);
  await more();
  expect(ids(delivered.value)).toEqual([2, 4, 5, 6, 7, 8, 9, 10]);
  expect(hasMore.value).toBe(false);
});

const refused = (retryAfterMs?: number) => new ChatError(120, 'too many', { retryable: true, retryAfterMs });

it('keeps what is shown when a question that nobody asked for fails, and asks no more when it is over', async () => {
  const { cursors, state, delivered, faults, stopped, emit, connect, leave } = await opened();
  state.fault = away;
  await vi.advanceTimersByTimeAsync(TimesMs);
  expect([cursors.length, ids(delivered.value), faults]).toEqual([2, [2, 3], []]);

  emit('receipts');
  leave();
  await vi.advanceTimersByTimeAsync(60_000);
  emit('receipts');
  connect();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(cursors).toHaveLength(2);
  expect(stopped).toEqual(['receipts', 'message', 'state']);
});

it('asks again what failed, less and less often, and then for the times of the change that it was about', async () => {
  const { cursors, state, read, emit } = await opened();
  await vi.advanceTimersByTimeAsync(60_000);
  state.members = [member(2, true), member(3)];
  state.fault = away;
  cursors.length = 0;
  emit('receipts');
  await vi.advanceTimersByTimeAsync(SettleMs);
  expect(cursors).toHaveLength(1);
  for (const [index, pause] of [RefreshMs, 2 * RefreshMs, 4 * RefreshMs, 8 * RefreshMs, MostRetryMs, MostRetryMs].entries()) {
    await vi.advanceTimersByTimeAsync(pause - 1);
    expect(cursors).toHaveLength(index + 1);
    await vi.advanceTimersByTimeAsync(1);
    expect(cursors).toHaveLength(index + 2);
  }

  state.fault = null;
  await vi.advanceTimersByTimeAsync(MostRetryMs);
  expect(ids(read.value)).toEqual([2]);
  cursors.length = 0;
  await vi.advanceTimersByTimeAsync(TimesMs);
  expect(cursors).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(MostRetryMs);
  expect(cursors).toHaveLength(1);
});

it('waits as long as the service asks for, whatever changes meanwhile', async () => {
  const { cursors, state, emit } = await opened();
  state.fault = refused(30_000);
  state.answersInMs = 100;
  await vi.advanceTimersByTimeAsync(TimesMs);
  emit('receipts'); // while it is not answered
  await vi.advanceTimersByTimeAsync(100);
  state.fault = null;
  for (let second = 1; second < 30; second++) {
    emit('receipts');
    await vi.advanceTimersByTimeAsync(1000);
  }
  expect(cursors).toHaveLength(2);
  await vi.advanceTimersByTimeAsync(1000);
  expect(cursors).toHaveLength(3);
});

it('does not ask again what the service will not answer, until something changes', async () => {
  const { cursors, state, emit } = await opened();
  state.fault = new ChatError(130, 'deleted');
  await vi.advanceTimersByTimeAsync(TimesMs + 10 * MostRetryMs);
  expect(cursors).toHaveLength(2);
  emit('message');
  await vi.advanceTimersByTimeAsync(SettleMs);
  expect(cursors).toHaveLength(3);
});

it('asks after a reconnect for what it was not told meanwhile, and for its times', async () => {
  const { cursors, read, state, connect } = await opened();
  await vi.advanceTimersByTimeAsync(60_000);
  connect('waiting');
  state.members = [member(2), member(3, true)];
  await vi.advanceTimersByTimeAsync(60_000);
  expect(cursors).toHaveLength(2);
  connect();
  await vi.advanceTimersByTimeAsync(SettleMs);
  expect(ids(read.value)).toEqual([3]);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(cursors).toHaveLength(4);
});

it('asks after a reconnect for the first page when that did not come', async () => {
  const { state, counts, delivered, cursors, faults, connect } = await opened(100, [member(2)], away);
  expect([counts.value, faults]).toEqual([null, [away]]);
  state.fault = null;
  connect();
  await vi.advanceTimersByTimeAsync(0);
  expect([ids(delivered.value), cursors.length]).toEqual([[2], 2]);
});

it('never shows a count without whom it counts', async () => {
  const everybody = [2, 3, 4];
  const { counts, read, state, more, emit } = await opened(
    2,
    everybody.map((id) => member(id)),
  );
  await more();
  const seen: unknown[] = [];
  watch(
    () => [counts.value?.readCount, read.value.length],
    (now) => void seen.push(now),
    { flush: 'sync' },
  );
  state.members = everybody.map((id) => member(id, true));
  state.answersInMs = 100;
  emit('receipts');
  await vi.advanceTimersByTimeAsync(RefreshMs + 1000);
  expect(seen).toEqual([[3, 3]]);
});

it('asks for no further page once it is over', async () => {
  const { cursors, state, more, emit, leave } = await opened(1);
  await more();
  cursors.length = 0;
  state.answersInMs = 100;
  emit('receipts');
  await vi.advanceTimersByTimeAsync(RefreshMs);
  expect(cursors).toHaveLength(1);
  leave();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(cursors).toHaveLength(1);
});
