import type { ClientEvents, Notices } from '@chat/sdk';
import { afterEach, expect, it, vi } from 'vitest';
import { effectScope } from 'vue';
import { createNoticeBook } from '../../src/notices/noticeBook';
import { noticeOf } from './notices.fixture';

const scopes: ReturnType<typeof effectScope>[] = [];
afterEach(() => {
  for (const scope of scopes.splice(0)) scope.stop();
  people.clear();
});
const people = new Map<number, string>();
const settle = () => new Promise<void>((resolve) => setTimeout(resolve, 0));
const at = (second: number) => new Date(Date.UTC(2026, 10, 28, 12, 0, second)).toISOString();

function setup() {
  const served = { count: 2, readUpTo: at(0) };
  const handlers = new Map<string, Set<(payload: never) => void>>();
  const client = {
    me: { principalId: 1 },
    principalName: (id: number) => people.get(id),
    chat: () => ({ summary: undefined, messages: { items: [] } }),
    on: (event: string, handler: (payload: never) => void) => {
      const all = handlers.get(event) ?? new Set();
      handlers.set(event, all.add(handler));
      return () => void all.delete(handler);
    },
  };
  const notices = {
    list: vi.fn(async () => ({ notices: [], nextCursor: null })),
    unread: vi.fn(async () => ({ ...served })),
    markRead: vi.fn(async (upTo: string) => {
      Object.assign(served, { count: 0, readUpTo: upTo });
    }),
  };
  const scope = effectScope();
  scopes.push(scope);
  const book = scope.run(() => createNoticeBook({ client: client as never, server: {} as never }, notices as unknown as Notices));
  if (!book) throw new Error('no scope');
  const hear = async <K extends keyof ClientEvents>(event: K, payload: unknown) => {
    for (const handler of handlers.get(event) ?? []) handler(payload as never);
    await settle();
    await settle();
  };
  return { book, notices, served, hear, scope, handlers };
}

it('counts what is new, and asks again for what it hears of', async () => {
  const { book, notices, served, hear } = setup();
  await settle();
  expect([book.unread.value, book.readUpTo.value]).toEqual([2, Date.parse(at(0))]);
  served.count = 3;
  await hear('inbox', { kind: 48, replyTo: null, text: null });
  expect([book.unread.value, book.changes.value]).toEqual([3, 1]);
  await hear('state', { from: { kind: 'connecting' }, to: { kind: 'online' } });
  expect([book.changes.value, notices.unread.mock.calls.length]).toEqual([2, 3]);
});

it('hears what another device has read, and never goes back', async () => {
  const { book, served, hear } = setup();
  await settle();
  Object.assign(served, { count: 0, readUpTo: at(9) });
  await hear('inbox', { kind: 47, replyTo: Date.parse(at(9)), text: null });
  expect([book.unread.value, book.readUpTo.value, book.changes.value]).toEqual([0, Date.parse(at(9)), 0]);
  await hear('inbox', { kind: 47, replyTo: Date.parse(at(4)), text: null });
  expect(book.readUpTo.value).toBe(Date.parse(at(9)));
});

it('reads up to a notice once, and what failed is not taken for read', async () => {
  const { book, notices } = setup();
  await settle();
  notices.markRead.mockRejectedValueOnce(new Error('offline'));
  await expect(book.read(at(5))).rejects.toThrow('offline');
  expect([book.unread.value, book.readUpTo.value]).toEqual([2, Date.parse(at(0))]);
  await book.read(at(5));
  await book.read(at(5));
  await book.read(at(3));
  expect([book.unread.value, book.readUpTo.value, notices.markRead.mock.calls]).toEqual([0, Date.parse(at(5)), [[at(5)], [at(5)]]]);
});

it('listens no more when the page is left', () => {
  const { scope, handlers } = setup();
  scope.stop();
  expect([...handlers.values()].map((all) => all.size)).toEqual([0, 0, 0, 0].slice(0, handlers.size));
});

it('gives a page when it is known who did what is on it, oneself not counted', async () => {
  const { book, notices, hear } = setup();
  const page = { notices: [noticeOf('a', { actorId: 1 }), noticeOf('b', { actorId: 5 })], nextCursor: null };
  notices.list.mockResolvedValue(page as never);
  const given = vi.fn();
  void book.list().then(given);
  await settle();
  expect(given).not.toHaveBeenCalled();
  people.set(5, 'Emil');
  await hear('principals', [5]);
  expect(given).toHaveBeenCalledWith(page);
});
