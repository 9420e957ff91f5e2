import type { ChatItem } from '@chat/sdk';
import { describe, expect, it } from 'vitest';
import { buildRows, hasAnotherTop, type MessageRow, rowKey, sameGroup, steadyRows } from '../../src/message/rows';
import { item } from './item';

describe('grouping', () => {
  it('joins neighbours of one sender that are less than five minutes apart', () => {
    expect(sameGroup(item(1, 0), item(2, 4.9))).toBe(true);
    expect(sameGroup(item(1, 0), item(2, 5))).toBe(false);
    expect(sameGroup(item(1, 0), item(2, 1, { senderId: 3 }))).toBe(false);
    expect(sameGroup(item(1, 0), item(2, 1, { kind: 'renamed' }))).toBe(false);
  });

  it('splits at midnight even within five minutes', () => {
    expect(sameGroup(item(1, 12 * 60 - 1), item(2, 12 * 60 + 1))).toBe(false);
  });

  it('marks the first and the last of each group', () => {
    const rows = buildRows([item(1, 0), item(2, 1), item(3, 2), item(4, 3, { senderId: 3 })], null, false);
    expect(rows.map((r) => [r.startsGroup, r.endsGroup])).toEqual([
      [true, false],
      [false, false],
      [false, true],
      [true, true],
    ]);
  });
});

describe('date chips', () => {
  it('stand where a local day begins', () => {
    const rows = buildRows([item(1, 0), item(2, 60), item(3, 13 * 60)], null, false);
    expect(rows.map((r) => r.startsDay)).toEqual([true, false, true]);
  });

  it('do not stand above the first loaded row while older ones exist, so that loading them moves nothing', () => {
    expect(buildRows([item(9, 0)], null, true)[0]?.startsDay).toBe(false);
  });
});

describe('unread divider', () => {
  it('stands above the first message of others from the given sequence on, once', () => {
    const rows = buildRows([item(1, 0), item(2, 1, { own: true }), item(3, 2), item(4, 3)], 2, false);
    expect(rows.map((r) => r.startsUnread)).toEqual([false, false, true, false]);
  });

  it('starts a new group', () => {
    const rows = buildRows([item(1, 0), item(2, 1)], 2, false);
    expect(rows[0]?.endsGroup).toBe(true);
    expect(rows[1]?.startsGroup).toBe(true);
  });
});

describe('keys', () => {
  it('of an own message stay when its sequence becomes known', () => {
    const pending = item(1, 0, { sequence: null, clientMessageId: 'ab', own: true });
    expect(rowKey(pending)).toBe(rowKey({ ...pending, sequence: 12 }));
  });

  it('are unique, and events of unknown kinds are not shown', () => {
    const rows = buildRows([item(1, 0, { kind: 'chat_created' }), item(2, 1, { kind: 'unknown' }), item(3, 2)], null, false);
    expect(rows.map((r) => r.key)).toEqual(['#1', '#3']);
    expect(rows.map((r) => r.kind)).toEqual(['system', 'message']);
  });
});

it('rows of which nothing is another are the very ones of before, whatever comes above and below', () => {
  const build = steadyRows();
  const [second, third] = [item(2, 1), item(3, 2)];
  const items = [second, third, item(4, 3)];
  const before = build(items, null, true);
  const after = build([item(1, 0), ...items, item(5, 4)], null, true);
  expect(after[2]).toBe(before[1]);
  expect(after[1]).not.toBe(before[0]); // it starts no group any more
  expect(after[1]).toMatchObject({ key: '#2', startsGroup: false });
  expect(after[3]).not.toBe(before[2]);
  const edited = { ...third, text: 'other' };
  expect(build([second, edited], null, true)[1]).toMatchObject({ item: edited });
});

it('a first row has another top where it joins those above, or a day begins with it', () => {
  const second = item(2, 14 * 60);
  const first = buildRows([second], null, true)[0] as MessageRow;
  const under = (above: ChatItem): boolean => hasAnotherTop(first, buildRows([above, second], null, true));
  expect(under(item(1, 14 * 60 - 1))).toBe(true); // its name goes
  expect(under(item(1, 0))).toBe(true); // its day is said
  expect(under(item(1, 14 * 60 - 1, { senderId: 3 }))).toBe(false);
  expect(hasAnotherTop(first, [])).toBe(false);
});
