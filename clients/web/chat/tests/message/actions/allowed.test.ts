import type { ChatItem } from '@chat/sdk';
import { describe, expect, it } from 'vitest';
import { allowedActions, canDeleteForAll, canReact, canWrite, type Standing } from '../../../src/message/actions/allowed';

const message = (rest: Partial<ChatItem> = {}): ChatItem => ({
  chatId: 7,
  sequence: 5,
  kind: 'message',
  senderId: 2,
  createdAtMs: 1_000,
  own: false,
  text: 'hello',
  ...rest,
});
const changes = { asOf: 9, editedAtMs: null, deletedAtMs: null, deletedBy: null, pinnedAtMs: null, ownReaction: null, reactions: [] };
const chat = (kind: 'direct' | 'group' | 'channel', role: 'member' | 'admin' = 'member', sendRole: 'member' | 'admin' = 'member') =>
  ({ kind, role, details: { sendRole } }) as unknown as Standing['summary'];
const standing = (rest: Partial<Standing> = {}): Standing => ({
  removed: false,
  summary: chat('direct'),
  canCopy: true,
  starred: false,
  tooOldMs: Number.POSITIVE_INFINITY,
  nowMs: 2_000,
  ...rest,
});

describe('what can be done with a message', () => {
  it('another’s in a direct chat: all but to edit it and to see who has it', () => {
    expect(allowedActions(message(), standing())).toEqual(['reply', 'copy', 'forward', 'star', 'pin', 'delete']);
  });

  it('one’s own can be edited, until one of its age was refused as too late', () => {
    const own = message({ own: true });
    expect(allowedActions(own, standing())).toEqual(['reply', 'edit', 'copy', 'forward', 'star', 'pin', 'info', 'delete']);
    expect(allowedActions(own, standing({ tooOldMs: 1_001 }))).toContain('edit');
    expect(allowedActions(own, standing({ tooOldMs: 1_000 }))).not.toContain('edit');
  });

  it('in a group only admins pin; what is pinned or starred can be taken back', () => {
    expect(allowedActions(message(), standing({ summary: chat('group') }))).not.toContain('pin');
    const pinned = message({ changes: { ...changes, pinnedAtMs: 1 } });
    const all = allowedActions(pinned, standing({ summary: chat('group', 'admin'), starred: true }));
    expect(all).toEqual(['reply', 'copy', 'forward', 'unstar', 'unpin', 'delete']);
  });

  it('where only admins write, members neither reply nor edit; in a channel they do not react either', () => {
    const own = message({ own: true });
    for (const summary of [chat('group', 'member', 'admin'), chat('channel')]) {
      const all = allowedActions(own, standing({ summary }));
      expect(all).not.toContain('reply');
      expect(all).not.toContain('edit');
    }
    expect(canReact(own, false, chat('group', 'member', 'admin'))).toBe(true);
    expect(canReact(own, false, chat('channel'))).toBe(false);
    expect(canReact(own, false, chat('channel', 'admin'))).toBe(true);
    expect(canWrite(false, chat('channel', 'admin'))).toBe(true);
  });

  it('of a deleted one only the placeholder can go; one on its way has no actions; after removal nothing is changed for others', () => {
    const deleted = message({ own: true, changes: { ...changes, deletedAtMs: 1 } });
    expect(allowedActions(deleted, standing())).toEqual(['delete']);
    expect(canReact(deleted, false, chat('direct'))).toBe(false);
    expect(canDeleteForAll(deleted, false, chat('direct'))).toBe(false);
    expect(allowedActions(message({ sequence: null, own: true }), standing())).toEqual([]);
    expect(allowedActions(message(), standing({ removed: true }))).toEqual(['copy', 'forward', 'star', 'delete']);
    expect(canReact(message(), true, chat('group'))).toBe(false);
  });

  it('for everyone one deletes one’s own, and as an admin of a group also others’', () => {
    expect(canDeleteForAll(message({ own: true }), false, chat('direct'))).toBe(true);
    expect(canDeleteForAll(message(), false, chat('direct', 'admin'))).toBe(false);
    expect(canDeleteForAll(message(), false, chat('group', 'admin'))).toBe(true);
    expect(canDeleteForAll(message({ own: true }), true, chat('group', 'admin'))).toBe(false);
  });
});
