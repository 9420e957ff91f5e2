import type { ChatSummary, ConnectionState, PeopleChange } from '@chat/sdk';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { effectScope, shallowRef, watchEffect } from 'vue';
import { createAvatarBook } from '../../src/avatars/avatarBook';

const scopes: ReturnType<typeof effectScope>[] = [];
beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  for (const scope of scopes.splice(0)) scope.stop();
  vi.useRealTimers();
});
const settle = () => vi.advanceTimersByTimeAsync(0);
const chatOf = (chatId: number, avatar: string | null) => ({ chatId, details: { avatar } }) as ChatSummary;

function setup(shown: Record<number, string | null>) {
  const handlers: { people?: (change: PeopleChange) => void; state?: (change: { to: ConnectionState }) => void } = {};
  const of = vi.fn(async (id: number) => shown[id] ?? null);
  const chats = shallowRef<readonly ChatSummary[]>([chatOf(20, 'group-file')]);
  const client = {
    on: (event: string, handler: never) => {
      Object.assign(handlers, { [event]: handler });
      return () => undefined;
    },
    chat: (id: number) => ({ summary: id === 21 ? chatOf(21, 'left-file') : undefined }),
  } as never;
  const scope = effectScope();
  scopes.push(scope);
  const book = scope.run(() => createAvatarBook({ client, chats, meId: 1 }, { of }));
  if (!book) throw new Error('no scope');
  const seen: (string | null)[] = [];
  scope.run(() => watchEffect(() => void seen.push(book.referenceOf({ id: 2, kind: 'direct' })), { flush: 'sync' }));
  return { book, of, chats, handlers, seen, shown };
}

it('asks for a person once, and shows what came', async () => {
  const { book, of, seen } = setup({ 2: 'ben' });
  await settle();
  expect([seen, book.referenceOf({ id: 2, kind: 'direct' }), of.mock.calls]).toEqual([[null, 'ben'], 'ben', [[2]]]);
});

it('asks again after a while, after a reconnect, and where a contact or block changed what one sees', async () => {
  const { book, of, handlers, shown } = setup({ 2: 'ben' });
  await settle();
  shown[2] = 'ben again';
  await vi.advanceTimersByTimeAsync(11 * 60_000);
  expect(book.referenceOf({ id: 2, kind: 'direct' })).toBe('ben');
  await settle();
  expect(book.referenceOf({ id: 2, kind: 'direct' })).toBe('ben again');
  handlers.state?.({ to: { kind: 'online' } as ConnectionState });
  handlers.people?.({ kind: 'block', principalId: 2 });
  handlers.people?.({ kind: 'contact', principalId: 9 }); // nobody has looked at them
  expect(of.mock.calls).toEqual([[2], [2], [2], [2]]);
});

it('one’s own changes at once, here and by another device', async () => {
  const { book, handlers, shown } = setup({ 1: 'mine' });
  book.referenceOf({ id: 1, kind: 'direct' });
  await settle();
  book.learnOwn('newer');
  expect(book.referenceOf({ id: 1, kind: 'direct' })).toBe('newer');
  shown[1] = 'of my phone';
  handlers.people?.({ kind: 'profile', principalId: null });
  await settle();
  expect(book.referenceOf({ id: 1, kind: 'direct' })).toBe('of my phone');
});

it('a question that failed is asked again by who shows it next', async () => {
  const { book, of } = setup({ 3: 'carla' });
  of.mockRejectedValueOnce(new Error('away'));
  expect(book.referenceOf({ id: 3, kind: 'direct' })).toBeNull();
  await settle();
  expect(book.referenceOf({ id: 3, kind: 'direct' })).toBeNull();
  await settle();
  expect(book.referenceOf({ id: 3, kind: 'direct' })).toBe('carla');
});

it('a chat says its own, in the list or not', () => {
  const { book, chats, of } = setup({});
  const shows = (id: number) => book.referenceOf({ id, kind: 'group' });
  expect([shows(20), shows(21), shows(22)]).toEqual(['group-file', 'left-file', null]);
  chats.value = [chatOf(20, 'newer')];
  expect([shows(20), of.mock.calls]).toEqual(['newer', [[2]]]);
});

it('with a new connection only what is shown is asked for again, what failed, too', async () => {
  const { book, of, handlers, seen, shown } = setup({});
  book.referenceOf({ id: 3, kind: 'direct' }); // looked at once, not followed
  await settle();
  of.mockClear();
  of.mockRejectedValueOnce(new Error('away'));
  handlers.state?.({ to: { kind: 'online' } as ConnectionState });
  await settle();
  shown[2] = 'ben';
  handlers.state?.({ to: { kind: 'online' } as ConnectionState });
  await settle();
  expect([of.mock.calls, seen.at(-1)]).toEqual([[[2], [2]], 'ben']);
});

it('an answer that is older than what was learnt since is not taken', async () => {
  const { book, of } = setup({});
  let late: (reference: string) => void = () => undefined;
  of.mockImplementationOnce(() => new Promise((resolve) => (late = resolve)));
  book.referenceOf({ id: 1, kind: 'direct' });
  book.learnOwn('newer');
  late('older');
  await settle();
  expect(book.referenceOf({ id: 1, kind: 'direct' })).toBe('newer');
});
