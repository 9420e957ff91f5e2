import type { ChatItem, ChatSummary } from '@chat/sdk';
import { isDeleted } from '../isDeleted';

/** What can be done with a message, in the order in which a menu shows it. */
export const allActions = ['reply', 'edit', 'copy', 'forward', 'star', 'unstar', 'pin', 'unpin', 'info', 'delete'] as const;
export type MessageAction = (typeof allActions)[number];

/** How the person stands to the chat and to the message. */
export interface Standing {
  readonly removed: boolean;
  readonly summary: Pick<ChatSummary, 'kind' | 'role' | 'details'> | undefined;
  readonly canCopy: boolean;
  readonly starred: boolean;
  /** Own messages that are at least this old were refused as too late to edit; infinite while none was. */
  readonly tooOldMs: number;
  readonly nowMs: number;
}

export function isAdmin(summary: Standing['summary']): boolean {
  return summary?.role === 'admin';
}

/** True where one may write: not after one was removed, nor where only admins do. */
export function canWrite(removed: boolean, summary: Standing['summary']): boolean {
  return !removed && summary !== undefined && (isAdmin(summary) || (summary.kind !== 'channel' && summary.details.sendRole !== 'admin'));
}

/** In a channel only admins react; in a group all members do, also those who may not write. */
export function canReact(item: ChatItem, removed: boolean, summary: Standing['summary']): boolean {
  return isStoredMessage(item) && !isDeleted(item) && !removed && (summary?.kind !== 'channel' || isAdmin(summary));
}

export function canDeleteForAll(item: ChatItem, removed: boolean, summary: Standing['summary']): boolean {
  return !isDeleted(item) && !removed && (item.own || (summary?.kind !== 'direct' && isAdmin(summary)));
}

function isStoredMessage(item: ChatItem): boolean {
  return item.kind === 'message' && item.sequence !== null;
}

export function allowedActions(item: ChatItem, standing: Standing): MessageAction[] {
  if (!isStoredMessage(item)) return [];
  if (isDeleted(item)) return ['delete'];
  const { removed, summary } = standing;
  const writes = canWrite(removed, summary);
  const isText = (item.text ?? '') !== '';
  const pins = !removed && (summary?.kind === 'direct' || isAdmin(summary));
  const pinned = (item.changes?.pinnedAtMs ?? null) !== null;
  const may: Record<MessageAction, boolean> = {
    reply: writes,
    edit: writes && item.own && isText && standing.nowMs - item.createdAtMs < standing.tooOldMs,
    copy: standing.canCopy && isText,
    forward: true,
    star: !standing.starred,
    unstar: standing.starred,
    pin: pins && !pinned,
    unpin: pins && pinned,
    info: !removed && item.own && summary?.kind !== 'channel',
    delete: true,
  };
  return allActions.filter((action) => may[action]);
}
