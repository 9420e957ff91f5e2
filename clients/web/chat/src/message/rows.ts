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
  return isRun(a, b) && dayKey(a.createdAtMs) === dayKey(b.createdAtMs);
}

function isRun(a: ChatItem, b: ChatItem): boolean {
  return a.kind === 'message' && b.kind === 'message' && a.senderId === b.senderId && Math.abs(b.createdAtMs - a.createdAtMs) < GroupGapMs;
}

/** Lays items out as rows. Events of kinds this page does not know keep their place in the log and are not shown (spec §6.25). */
export function buildRows(items: readonly ChatItem[], unreadFrom: number | null, hasOlder: boolean): MessageRow[] {
  const shown = items.filter((item) => item.kind === 'message' || SystemKinds.has(item.kind));
  const days = shown.map((item) => dayKey(item.createdAtMs)); // once each: of a long chat this is most of the work
  const unreadAt = unreadFrom === null ? -1 : shown.findIndex((item) => !item.own && item.sequence !== null && item.sequence >= unreadFrom);
  const joins = shown.map((item, i) => {
    const before = shown[i - 1];
    return before !== undefined && i !== unreadAt && days[i - 1] === days[i] && isRun(before, item);
  });
  return shown.map((item, i) => ({
    key: rowKey(item),
    item,
    kind: item.kind === 'message' ? 'message' : 'system',
    startsDay: i > 0 ? days[i - 1] !== days[i] : !hasOlder,
    startsUnread: i === unreadAt,
    startsGroup: !joins[i],
    endsGroup: !joins[i + 1],
  }));
}

/** Builds rows, and gives the very row of before where nothing of it is another: what shows it need not look at it again. */
export function steadyRows(): typeof buildRows {
  const made = new WeakMap<ChatItem, MessageRow>();
  return (...laidOut) =>
    buildRows(...laidOut).map((row) => {
      const before = made.get(row.item);
      if (before && isSame(before, row)) return before;
      made.set(row.item, row);
      return row;
    });
}

/** Whether other things stand above a row's bubble among these rows; of one that is not there any more nothing does. */
export function hasAnotherTop(row: MessageRow, rows: readonly MessageRow[]): boolean {
  const now = rows.find(({ key }) => key === row.key);
  return now !== undefined && !hasSameTop(row, now);
}

function hasSameTop(a: MessageRow, b: MessageRow): boolean {
  return a.startsDay === b.startsDay && a.startsUnread === b.startsUnread && a.startsGroup === b.startsGroup;
}

function isSame(a: MessageRow, b: MessageRow): boolean {
  return a.key === b.key && hasSameTop(a, b) && a.endsGroup === b.endsGroup;
}
