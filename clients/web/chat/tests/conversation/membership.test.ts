import type { ChatItem } from '@chat/sdk';
import { expect, it } from 'vitest';
import { hasRole, loggedOut } from '../../src/conversation/membership';

const me = 1;
const event = (kind: ChatItem['kind'], senderId: number, subjectId?: number) => ({ kind, senderId, subjectId }) as ChatItem;

it('the newest event about one’s membership decides', () => {
  const removed = event('member_removed', 2, me);
  expect(loggedOut([], me)).toBe(false);
  expect(loggedOut([event('message', 2)], me)).toBe(false);
  expect(loggedOut([event('member_added', 2, me), removed], me)).toBe(true);
  expect(loggedOut([event('member_left', me)], me)).toBe(true);
  expect(loggedOut([removed, event('member_added', 2, me)], me)).toBe(false);
});

it('what happens to others does not', () => {
  expect(loggedOut([event('member_removed', me, 3), event('member_left', 2)], me)).toBe(false);
});

it('a role that this page does not know is none of those that are enough', () => {
  const may = (role: 'member' | 'admin' | 'unknown', least: 'member' | 'admin' | 'unknown') => hasRole({ role }, least);
  expect([may('member', 'member'), may('member', 'admin'), may('unknown', 'member')]).toEqual([true, false, false]);
  expect([may('admin', 'admin'), may('admin', 'unknown'), may('member', 'unknown')]).toEqual([true, true, false]);
});
