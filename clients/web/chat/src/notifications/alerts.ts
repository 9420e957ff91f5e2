import type { ChatEvent, ChatSummary, PushContent } from '@chat/sdk';
import type { PushedMessage } from '@chat/sdk/worker';
import { isMuted } from '../chat-list/menu/chatActions';

/** What is known of a message where it is judged. */
export interface Heard {
  readonly event: ChatEvent;
  readonly chat: ChatSummary | undefined;
  readonly meId: number;
  readonly nowMs: number;
  /** It answers a message of one's own. */
  readonly isAnswer: boolean;
}

/** By the rules of a push (protocol-spec.md §8.15): a message of others that is not read; of a muted chat one that mentions or answers the person. */
export function isNews({ event, chat, meId, nowMs, isAnswer }: Heard): boolean {
  if (event.kind !== 'message' || event.own || event.senderId === meId) return false;
  if (chat === undefined) return true; // not among those that are loaded
  if (chat.readUpTo >= event.sequence) return false;
  return !isMuted(chat, nowMs) || mentions(event, meId) || (isAnswer && chat.kind !== 'channel');
}

function mentions({ content }: ChatEvent, meId: number): boolean {
  return content?.forwarded == null && content?.marks?.some((mark) => mark.principalId === meId) === true;
}

/** What the worker is to show: the payload that would have been pushed, with no more than may be said. */
export function toldOf(
  { event, chat, meId, isAnswer }: Heard,
  { senderName, content, count }: { readonly senderName: string | undefined; readonly content: PushContent; readonly count: number },
): PushedMessage {
  const says = content !== 'none';
  const kind = event.content?.kind;
  return {
    kind: 'message',
    chatId: event.chatId,
    sequence: event.sequence,
    sender: says && senderName !== undefined ? { id: event.senderId, name: senderName } : null,
    chatName: says && chat?.kind !== 'direct' ? (chat?.name ?? null) : null,
    text: content === 'full' && event.text ? cut(event.text) : null,
    content: content === 'full' && kind !== undefined && kind !== 'text' ? kind : null,
    mention: says && (mentions(event, meId) || isAnswer),
    count,
    badge: null, // the page counts
    at: new Date(event.createdAtMs).toISOString(),
  };
}

const MostCharacters = 300;

function cut(text: string): string {
  const characters = [...text];
  return characters.length > MostCharacters ? `${characters.slice(0, MostCharacters - 1).join('')}…` : text;
}
