import type { ChatItem } from '@chat/sdk';

/** A message of principal 2 at local noon plus minutes; override what a test is about. */
export function item(sequence: number, minutes: number, rest: Partial<ChatItem> = {}): ChatItem {
  const createdAtMs = new Date(2026, 10, 20, 12, 0).getTime() + minutes * 60_000;
  return { chatId: 7, sequence, kind: 'message', senderId: 2, createdAtMs, own: false, text: `m${sequence}`, ...rest };
}
