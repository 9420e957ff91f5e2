import type { Notice, NoticePage } from '@chat/sdk';
import { afterEach, expect, it, vi } from 'vitest';
import { effectScope, nextTick, ref } from 'vue';
import { useNoticeList } from '../../src/notices/useNoticeList';
import { noticeOf } from './notices.fixture';

const scopes: ReturnType<typeof effectScope>[] = [];
afterEach(() => {
  for (const scope of scopes.splice(0)) scope.stop();
});
const settle = async () => {
  for (let turn = 0; turn < 8; turn++) await nextTick();
};
const atDay = (day: number, hour = 12) => new Date(2026, 10, day, hour).toISOString();
const page = (notices: Notice[], nextCursor: string | null = null): NoticePage => ({ notices, nextCursor });

function setup(list: (from?: { cursor?: string }) => Promise<NoticePage>, looks = true) {
  const book = {
    list: vi.fn(list),
    changes: ref(0),
    readUpTo: ref(Date.parse(atDay(20))),
    read: vi.fn(async (upTo: string) => {
      book.readUpTo.value = Date.parse(upTo);
    }),
  };
  const isLookedAt = ref(looks);
  const scope = effectScope();
  scopes.push(scope);
  const found = scope.run(() => useNoticeList(book, isLookedAt));
  if (!found) throw new Error('no scope');
  const shown = () => found.days.value.map(({ notices }) => notices.map(({ id }) => id).join());
  return { ...found, book, isLookedAt, shown };
}

it('lists by days, page after page, without what it does not know or has already', async () => {
  const first = [
    noticeOf('a', { at: atDay(28) }),
    noticeOf('b', { at: atDay(28, 9) }),
    noticeOf('x', { kind: 'unknown', at: atDay(28, 8) }),
  ];
  const second = [noticeOf('b', { at: atDay(28, 9) }), noticeOf('c', { at: atDay(26) })];
  const { shown, more, hasMore } = setup(async (from) => (from?.cursor ? page(second) : page(first, 'next')));
  await settle();
  expect([shown(), hasMore.value]).toEqual([['a,b'], true]);
  await more();
  expect([shown(), hasMore.value]).toEqual([['a,b', 'c'], false]);
});

it('reads what is looked at, up to the newest, and marks it as new until one looks away', async () => {
  const old = noticeOf('old', { at: atDay(18), read: true });
  const { book, isLookedAt, isNew } = setup(
    async () => page([noticeOf('b', { at: atDay(28) }), noticeOf('a', { at: atDay(27) }), old]),
    false,
  );
  const [b, a] = [noticeOf('b', { at: atDay(28) }), noticeOf('a', { at: atDay(27) })];
  await settle();
  expect(book.read).not.toHaveBeenCalled();
  expect([isNew(b), isNew(a), isNew(old)]).toEqual([true, true, false]);
  isLookedAt.value = true;
  await settle();
  expect(book.read).toHaveBeenCalledExactlyOnceWith(atDay(28));
  expect([isNew(b), isNew(a), isNew(old)]).toEqual([true, true, false]);
  isLookedAt.value = false;
  await settle();
  expect([isNew(b), isNew(a)]).toEqual([false, false]);
});

it('reads what comes while it is looked at, also after a reading that failed', async () => {
  const held = [noticeOf('a', { at: atDay(27) })];
  const { book, shown } = setup(async () => page([...held]));
  book.read.mockRejectedValueOnce(new Error('offline'));
  await settle();
  held.unshift(noticeOf('b', { at: atDay(28) }));
  book.changes.value += 1;
  await settle();
  expect([shown(), book.read.mock.calls]).toEqual([
    ['b', 'a'],
    [[atDay(27)], [atDay(28)]],
  ]);
});
