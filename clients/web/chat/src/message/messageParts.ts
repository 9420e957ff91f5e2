import type { ChatItem } from '@chat/sdk';
import { linkify, type TextPart } from './linkify';

export interface MessagePart extends TextPart {
  /** Whom it mentions. */
  readonly principalId: number | null;
}

/** Cuts a message's text at whom it mentions and at its web addresses. `text` is what is shown: marks are of the message's own text only. */
export function messageParts(item: ChatItem, text: string): MessagePart[] {
  const marks = item.text === text ? (item.content?.marks ?? []) : [];
  const parts: MessagePart[] = [];
  const plain = (end: number): void => {
    parts.push(...linkify(text.slice(from, end)).map((part) => ({ ...part, principalId: null })));
  };
  let from = 0;
  for (const { kind, start, length, principalId } of marks) {
    if (kind !== 'mention' || principalId === undefined || start < from) continue; // one that lies in another is shown as part of that
    plain(start);
    from = start + length;
    parts.push({ text: text.slice(start, from), href: null, principalId });
  }
  plain(text.length);
  return parts;
}
