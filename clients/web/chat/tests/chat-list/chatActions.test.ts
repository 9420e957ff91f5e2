import type { ChatSettings, ChatSummary } from '@chat/sdk';
import { expect, it, vi } from 'vitest';
import { chatActions, isMuted, type MuteSpan, runChatAction, sectionOf } from '../../src/chat-list/menu/chatActions';

const own = { archived: false, pinned: false, markedUnread: false, mutedUntilMs: null, theme: null, clearedUpTo: null, draft: null };
const chat = (chatId: number, rest: Partial<ChatSummary['own']> = {}, unread = 0) =>
  ({ chatId, unread, own: { ...own, ...rest } }) as unknown as ChatSummary;

it('offers what is not so yet, or takes it back', () => {
  expect(chatActions(chat(1), 0)).toEqual(['markUnread', 'pin', 'mute', 'archive']);
  const all = chat(1, { pinned: true, mutedUntilMs: 10, markedUnread: true });
  expect(chatActions(all, 5)).toEqual(['markRead', 'unpin', 'unmute', 'archive']);
  expect(chatActions(all, 10)).toContain('mute');
  expect(chatActions(chat(1, { archived: true }, 2), 0)).toEqual(['markRead', 'mute', 'unarchive']);
});

it('mutes for eight hours, a week or always', async () => {
  const mute = vi.fn(async () => undefined);
  const run = (span: MuteSpan) =>
    runChatAction('mute', chat(4), { mute } as unknown as ChatSettings, { markRead: () => undefined }, { span, nowMs: 0 });
  await run('hours');
  await run('week');
  await run('always');
  expect(mute.mock.calls).toEqual([
    [4, new Date('1970-01-01T08:00:00Z')],
    [4, new Date('1970-01-08T00:00:00Z')],
    [4, undefined],
  ]);
  expect(isMuted(chat(4, { mutedUntilMs: 8 }), 8)).toBe(false);
});

it('marking as read reads, and takes a mark away that there is', async () => {
  const unmarkUnread = vi.fn(async () => undefined);
  const markRead = vi.fn();
  const settings = { unmarkUnread } as unknown as ChatSettings;
  const mute = { span: 'always', nowMs: 0 } as const;
  await runChatAction('markRead', chat(4, {}, 2), settings, { markRead }, mute);
  expect([markRead.mock.calls.length, unmarkUnread.mock.calls.length]).toEqual([1, 0]);
  await runChatAction('markRead', chat(4, { markedUnread: true }), settings, { markRead }, mute);
  expect(unmarkUnread).toHaveBeenCalledWith(4);
});

it('a mark of unread says how far one has read', async () => {
  const markUnread = vi.fn(async () => undefined);
  const settings = { markUnread } as unknown as ChatSettings;
  const read = { ...chat(4), readUpTo: 9 };
  await runChatAction('markUnread', read, settings, { markRead: () => undefined }, { span: 'always', nowMs: 0 });
  expect(markUnread).toHaveBeenCalledWith(4, 9);
});

it('the archive is apart, and the filter leaves what is unread or marked so', () => {
  const chats = [chat(1), chat(2, { archived: true }, 1), chat(3, { markedUnread: true }), chat(4, {}, 7)];
  const ids = (archived: boolean, unreadOnly: boolean) => sectionOf(chats, archived, unreadOnly).map((one) => one.chatId);
  expect(ids(false, false)).toEqual([1, 3, 4]);
  expect(ids(false, true)).toEqual([3, 4]);
  expect(ids(true, false)).toEqual([2]);
  expect(sectionOf(chats, false, true, 1).map((one) => one.chatId)).toEqual([1, 3, 4]); // the open one stays when it was read
});
