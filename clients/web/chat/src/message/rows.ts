import type { ChatItem } from '@chat/sdk';
import { dayKey } from '../i18n/time';

/** One line of the conversation: a message or a system line, with what stands above it (date chip, unread divider). */
export interface MessageRow {
  /** `clientMessageId` where there is one, so that a row keeps its identity when its sequence becomes known. */
  readonly key: string;
  readonly item: ChatItem;
  readonly kind: 'message' | 'system';
  /** Show a date chip above. Never on the first loaded row while older ones exist: its day may have begun above. */
  readonly startsDay: boolean;
  /** The unread divider stands above this row. */
  readonly startsUnread: boolean;
  readonly startsGroup: boolean;
  readonly endsGroup: boolean;
}

const GroupGapMs = 5 * 60_000;
const SystemKinds: ReadonlySet<ChatItem['kind']> = new Set([
  'chat_created',
  'member_added',
  'member_removed',
  'member_left',
  'renamed',
  'role_changed',
]);

export function rowKey(item: ChatItem): string {
  return item.clientMessageId ?? `#${item.sequence}`;
}

/** True when two neighbours belong to one group: same sender, same day, less than five minutes apart, both messages. */
export function sameGroup(a: ChatItem, b: ChatItem): boolean {
  return (
    a.kind === 'message' &&
    b.kind === 'message' &&
    a.senderId === b.senderId &&
    Math.abs(b.createdAtMs - a.createdAtMs) < GroupGapMs &&
    dayKey(a.createdAtMs) === dayKey(b.createdAtMs)
  );
}

/** Lays items out as rows. Events of kinds this page does not know keep their place in the log and are not shown (spec §6.25). */
export function buildRows(items: readonly ChatItem[], unreadFrom: number | null, hasOlder: boolean): MessageRow[] {
  const shown = items.filter((item) => item.kind === 'message' || SystemKinds.has(item.kind));
  let dividerPlaced = false;
  const startsUnread = shown.map((item) => {
    const here = unreadFrom !== null && !dividerPlaced && !item.own && item.sequence !== null && item.sequence >= unreadFrom;
    dividerPlaced ||= here;
    return here;
  });
  return shown.map((item, i) => {
    const before = shown[i - 1];
    const after = shown[i + 1];
    const startsDay = before ? dayKey(before.createdAtMs) !== dayKey(item.createdAtMs) : !hasOlder;
    return {
      key: rowKey(item),
      item,
      kind: item.kind === 'message' ? 'message' : 'system',
      startsDay,
      startsUnread: startsUnread[i] ?? false,
      startsGroup: !before || startsUnread[i] === true || !sameGroup(before, item),
      endsGroup: !after || startsUnread[i + 1] === true || !sameGroup(item, after),
    };
  });
}
