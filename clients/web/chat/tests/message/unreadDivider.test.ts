import { describe, expect, it } from 'vitest';
import { moveDivider } from '../../src/message/unreadDivider';

const arrived = { kind: 'arrived', sequence: 20, own: false, seen: false, readUpTo: 19 } as const;

describe('the unread divider', () => {
  it('stands at the first unread message when a chat opens', () => {
    expect(moveDivider(null, { kind: 'opened', unreadAt: 5 })).toBe(5);
    expect(moveDivider(9, { kind: 'opened', unreadAt: null })).toBeNull();
  });

  it('is cleared by sending, here or on another device', () => {
    expect(moveDivider(5, { kind: 'sent' })).toBeNull();
    expect(moveDivider(5, { ...arrived, own: true })).toBeNull();
  });

  it('is placed at a message that came unseen', () => {
    expect(moveDivider(null, arrived)).toBe(20);
  });

  it('moves to new unseen messages once the old ones were read', () => {
    expect(moveDivider(5, arrived)).toBe(20);
  });

  it('stays at the first unread one while it is not read', () => {
    expect(moveDivider(15, { ...arrived, readUpTo: 14 })).toBe(15);
  });

  it('does not move for a message that is seen as it comes', () => {
    expect(moveDivider(null, { ...arrived, seen: true })).toBeNull();
    expect(moveDivider(5, { ...arrived, seen: true })).toBe(5);
  });
});
