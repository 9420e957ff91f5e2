import { ChatError, type ClientEvents, errorCodes, type NewScheduledMessage, type Scheduled, type ScheduledMessage } from '@chat/sdk';
import { afterEach, expect, it, vi } from 'vitest';
import { effectScope } from 'vue';
import { createScheduledBook } from '../../src/scheduled/scheduledBook';

const scopes: ReturnType<typeof effectScope>[] = [];
afterEach(() => {
  for (const scope of scopes.splice(0)) scope.stop();
});
const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
const messageOf = (id: number, over: Partial<ScheduledMessage> = {}): ScheduledMessage => ({
  id,
  chatId: 7,
  clientMessageId: `00000000-0000-4000-8000-00000000000${id}`,
  state: 'waiting',
  dueAt: `2026-12-0${id}T09:00:00Z`,
  createdAt: '2026-11-28T09:00:00Z',
  changedAt: '2026-11-28T09:00:00Z',
  version: 1,
  message: { text: `text ${id}` },
  reason: null,
  sequence: null,
  ...over,
});

function setup(...held: ScheduledMessage[]) {
  const at = { the: held };
  const handlers = new Map<string, (payload: never) => void>();
  const client = {
    on: (event: string, handler: (payload: never) => void) => {
      handlers.set(event, handler);
      return () => void handlers.delete(event);
    },
  };
  const scheduled = {
    list: vi.fn(async ({ cursor }: { cursor?: string } = {}) =>
      cursor === undefined && at.the.length > 1
        ? { messages: at.the.slice(0, 1), nextCursor: 'rest' }
        : { messages: at.the.slice(-1), nextCursor: null },
    ),
    schedule: vi.fn(async (_message: NewScheduledMessage) => messageOf(1)),
    change: vi.fn(async (id: number, _change: object) => messageOf(id, { version: 2 })),
    cancel: vi.fn(async () => undefined),
    sendNow: vi.fn(async (id: number) => messageOf(id)),
  };
  const failed: number[] = [];
  const scope = effectScope();
  scopes.push(scope);
  const book = scope.run(() =>
    createScheduledBook(
      { client: client as never, server: {} as never, onFailed: ({ id }) => failed.push(id) },
      scheduled as never as Scheduled,
    ),
  );
  if (!book) throw new Error('no scope');
  const hear = async <K extends keyof ClientEvents>(event: K, payload: unknown) => {
    handlers.get(event)?.(payload as never);
    await settle();
  };
  const changed = (id: number) => hear('inbox', { kind: 45, senderId: 1, subjectId: 7, replyTo: id, text: null });
  return {
    book,
    scheduled,
    failed,
    at,
    hear,
    changed,
    ids: () => book.messages.value.map(({ id }) => id),
    end: () => scope.stop(),
    handlers,
  };
}

it('lists all of them, page after page, and asks again for what is told', async () => {
  const { book, ids, at, changed, scheduled, end, handlers } = setup(messageOf(1), messageOf(2));
  expect([book.state.value, ids()]).toEqual(['loading', []]);
  await settle();
  expect([book.state.value, ids()]).toEqual(['done', [1, 2]]);
  at.the = [messageOf(2)];
  await changed(1);
  expect([ids(), scheduled.list.mock.calls.length]).toEqual([[2], 3]);
  end();
  expect(handlers.size).toBe(0);
});

it('what could not be sent is told once, again after it waited again, and not what had failed before', async () => {
  const { failed, at, changed } = setup(messageOf(1, { state: 'failed', reason: 'blocked' }), messageOf(2));
  await settle();
  expect(failed).toEqual([]);
  at.the = [messageOf(1, { state: 'failed', reason: 'blocked' }), messageOf(2, { state: 'failed', reason: 'blocked' })];
  await changed(2);
  await changed(2);
  expect(failed).toEqual([2]);
  at.the = [messageOf(1, { state: 'failed', reason: 'blocked' }), messageOf(2)];
  await changed(2);
  at.the = [messageOf(1, { state: 'failed', reason: 'blocked' }), messageOf(2, { state: 'failed', reason: 'blocked' })];
  await changed(2);
  expect(failed).toEqual([2, 2]);
});

it('a list that could not be had says so where there is none yet, and is asked for again with the connection', async () => {
  const { book, scheduled, hear, ids } = setup(messageOf(1));
  scheduled.list
    .mockReset()
    .mockRejectedValueOnce(new ChatError(400, 'away'))
    .mockResolvedValue({ messages: [messageOf(1)], nextCursor: null });
  await settle();
  await hear('state', { to: { kind: 'online' } });
  expect([book.state.value, ids()]).toEqual(['done', [1]]);
  scheduled.list.mockRejectedValueOnce(new ChatError(400, 'away'));
  await book.refresh();
  expect([book.state.value, ids()]).toEqual(['done', [1]]);
});

it('what is done is seen before the list is asked for again', async () => {
  const { book, ids, scheduled } = setup(messageOf(2));
  await settle();
  scheduled.list.mockImplementation(() => new Promise(() => undefined));
  await book.scheduleText({ chatId: 7, dueAt: new Date(), message: { text: 'new' } });
  expect(ids()).toEqual([1, 2]);
  await book.change(messageOf(2), { message: { text: 'other' } });
  expect([scheduled.change.mock.calls, book.messages.value[1]?.version]).toEqual([[[2, { message: { text: 'other' }, version: 1 }]], 2]);
  scheduled.sendNow.mockResolvedValueOnce(messageOf(2, { state: 'sent', sequence: 9 }));
  await book.sendNow(messageOf(2));
  await book.cancel(messageOf(1));
  expect(ids()).toEqual([]);
});

it('what another device changed meanwhile is refused, and asked for', async () => {
  const { book, scheduled } = setup(messageOf(2));
  await settle();
  scheduled.change.mockRejectedValueOnce(new ChatError(232, 'changed'));
  await expect(book.change(messageOf(2), { dueAt: new Date() })).rejects.toMatchObject({ code: 232 });
  await settle();
  expect(scheduled.list).toHaveBeenCalledTimes(2);
});

const dueAt = new Date('2026-12-01T09:00:00Z');
const away = () => new ChatError(-1, 'no answer', { retryable: true });
const idsAsked = (scheduled: ReturnType<typeof setup>['scheduled']) =>
  scheduled.schedule.mock.calls.map(([message]) => message.clientMessageId);

it('the same again after no answer came is a retry of the first one, and after an answer another one', async () => {
  const { book, scheduled } = setup();
  scheduled.list.mockResolvedValue({ messages: [], nextCursor: null });
  const wish = (chatId = 7) => ({ chatId, dueAt: new Date(dueAt), message: { text: 'x' } });
  scheduled.schedule.mockRejectedValueOnce(away()).mockRejectedValueOnce(away());
  await expect(book.scheduleText(wish())).rejects.toThrow();
  await expect(book.scheduleText(wish(8))).rejects.toThrow();
  await book.scheduleText(wish());
  await book.scheduleText(wish());
  await book.scheduleText(wish(8));
  const [first, ofOther, second, third, ofOtherAgain] = idsAsked(scheduled);
  expect([second === first, third === first, ofOther === first, ofOtherAgain === ofOther]).toEqual([true, false, false, true]);
});

it('what was stored though its answer was lost is done', async () => {
  const { book, scheduled, ids } = setup();
  await settle();
  scheduled.schedule.mockImplementationOnce(async ({ clientMessageId }) => {
    scheduled.list.mockResolvedValue({ messages: [messageOf(3, { clientMessageId: clientMessageId as string })], nextCursor: null });
    throw away();
  });
  await book.scheduleText({ chatId: 7, dueAt, message: { text: 'x' } });
  expect(ids()).toEqual([3]);
});

it('at another time, the text whose answer was lost is moved if it is there, and else asked for under the same id', async () => {
  const { book, scheduled } = setup();
  scheduled.list.mockResolvedValue({ messages: [], nextCursor: null });
  const later = new Date('2026-12-05T09:00:00Z');
  const wish = (at: Date, text = 'x') => ({ chatId: 7, dueAt: at, message: { text } });
  scheduled.schedule.mockRejectedValueOnce(away()).mockRejectedValueOnce(away());
  await expect(book.scheduleText(wish(dueAt))).rejects.toThrow();
  await expect(book.scheduleText(wish(later))).rejects.toThrow();
  const [first, second] = idsAsked(scheduled);
  expect(second).toBe(first);
  const there = messageOf(4, { clientMessageId: first as string, version: 3 });
  scheduled.list.mockRejectedValueOnce(away()); // whether it is there cannot be known: nothing is asked for
  await expect(book.scheduleText(wish(dueAt))).rejects.toThrow();
  scheduled.list.mockResolvedValue({ messages: [there], nextCursor: null });
  await book.scheduleText(wish(dueAt));
  expect([scheduled.schedule.mock.calls.length, scheduled.change.mock.calls]).toEqual([2, [[4, { dueAt, version: 3 }]]]);
});

it('another text is another message where the first one is there', async () => {
  const { book, scheduled } = setup();
  scheduled.list.mockResolvedValue({ messages: [], nextCursor: null });
  scheduled.schedule.mockRejectedValueOnce(away());
  await expect(book.scheduleText({ chatId: 7, dueAt, message: { text: 'x' } })).rejects.toThrow();
  scheduled.list.mockResolvedValue({ messages: [messageOf(4, { clientMessageId: idsAsked(scheduled)[0] as string })], nextCursor: null });
  await book.scheduleText({ chatId: 7, dueAt, message: { text: 'y' } });
  expect([new Set(idsAsked(scheduled)).size, scheduled.change.mock.calls]).toEqual([2, []]);
});

it.each(['cancelled', 'failed', 'unknown'] as const)(
  'one that is %s by then will not be sent: that is a fault, and the next is another one',
  async (state) => {
    const { book, scheduled } = setup();
    const wish = { chatId: 7, dueAt, message: { text: 'x' } };
    scheduled.schedule.mockResolvedValueOnce(messageOf(1, { state }));
    await expect(book.scheduleText(wish)).rejects.toMatchObject({ code: errorCodes.not_changeable });
    await book.scheduleText(wish);
    expect(new Set(idsAsked(scheduled)).size).toBe(2);
  },
);
