import type { ChatSettings, ChatSummary } from '@chat/sdk';

const HourMs = 3_600_000;
/** How long a chat can be muted; the last one for ever. */
const muteSpans = { hours: 8 * HourMs, week: 7 * 24 * HourMs, always: null } as const;
export type MuteSpan = keyof typeof muteSpans;
export const muteSpanNames = Object.keys(muteSpans) as readonly MuteSpan[];

export type ChatAction = 'pin' | 'unpin' | 'mute' | 'unmute' | 'archive' | 'unarchive' | 'markUnread' | 'markRead';

export function isMuted(chat: Pick<ChatSummary, 'own'>, nowMs: number): boolean {
  return (chat.own.mutedUntilMs ?? 0) > nowMs;
}

export function isUnread(chat: Pick<ChatSummary, 'unread' | 'own'>): boolean {
  return chat.unread > 0 || chat.own.markedUnread;
}

/** What can be done with a chat, in the order of its menu. */
export function chatActions(chat: Pick<ChatSummary, 'unread' | 'own'>, nowMs: number): ChatAction[] {
  const { pinned, archived } = chat.own;
  return [
    isUnread(chat) ? 'markRead' : 'markUnread',
    ...(archived ? [] : [pinned ? ('unpin' as const) : ('pin' as const)]),
    isMuted(chat, nowMs) ? 'unmute' : 'mute',
    archived ? 'unarchive' : 'archive',
  ];
}

export function muteFor(settings: Pick<ChatSettings, 'mute'>, chatId: number, span: MuteSpan, nowMs: number): Promise<void> {
  const ms = muteSpans[span];
  return settings.mute(chatId, ms === null ? undefined : new Date(nowMs + ms));
}

/** Does it; `markRead` reads what is unread, and takes the mark away. */
export async function runChatAction(
  action: ChatAction,
  chat: Pick<ChatSummary, 'chatId' | 'readUpTo' | 'own'>,
  settings: ChatSettings,
  handle: { markRead(): void },
  mute: { readonly span: MuteSpan; readonly nowMs: number },
): Promise<void> {
  switch (action) {
    case 'mute':
      return muteFor(settings, chat.chatId, mute.span, mute.nowMs);
    case 'markRead':
      handle.markRead();
      if (chat.own.markedUnread) await settings.unmarkUnread(chat.chatId);
      return;
    case 'markUnread':
      return settings.markUnread(chat.chatId, chat.readUpTo);
    default:
      return settings[action](chat.chatId);
  }
}

/** What a list shows of all chats: those of the archive or the others, and of them perhaps only the unread ones, and the open one. */
export function sectionOf(
  chats: readonly ChatSummary[],
  archived: boolean,
  unreadOnly: boolean,
  openId: number | null = null,
): readonly ChatSummary[] {
  return chats.filter((chat) => chat.own.archived === archived && (!unreadOnly || isUnread(chat) || chat.chatId === openId));
}
