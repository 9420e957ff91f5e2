import type { ChatEvent, ChatItem, SendState } from '../api.js';
import { eventKinds, kindName, memberRoles } from '../codes.js';
import type { WireEvent } from '../frames/elements.js';
import type { QueuedMessage } from '../outbox/outgoing-message.js';

/** The lowest watermarks of all other members. */
export interface OthersWatermarks {
  readonly deliveredUpTo: number;
  readonly readUpTo: number;
}

export function storedState(sequence: number, others: OthersWatermarks): SendState {
  if (sequence <= others.readUpTo) return 'read';
  return sequence <= others.deliveredUpTo ? 'delivered' : 'sent';
}

export function eventItem(event: WireEvent, me: number, others: OthersWatermarks, outgoing?: QueuedMessage): ChatEvent {
  const own = event.senderId === me;
  const { clientMessageId, text, replyTo, subjectId, role } = event;
  const item: Writable<ChatEvent> = {
    chatId: event.chatId,
    sequence: event.sequence,
    kind: kindName(eventKinds, event.kind),
    senderId: event.senderId,
    createdAtMs: event.createdAtMs,
    own,
  };
  if (clientMessageId !== null) item.clientMessageId = clientMessageId;
  if (text !== null) item.text = text;
  if (replyTo !== null) item.replyTo = replyTo;
  if (subjectId !== null) item.subjectId = subjectId;
  if (role !== null) item.role = kindName(memberRoles, role);
  if (own && event.kind === eventKinds.message) item.state = storedState(event.sequence, others);
  if (outgoing !== undefined) item.outgoing = outgoing;
  return item;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** An own message as the client knows it, with or without its sequence. */
export function outgoingItem(message: QueuedMessage, me: number): ChatItem {
  const { chatId, sequence, createdAtMs, clientMessageId, text, state, replyTo } = message;
  const item = {
    chatId,
    sequence,
    kind: 'message',
    senderId: me,
    createdAtMs,
    own: true,
    clientMessageId,
    text,
    state,
    outgoing: message,
  } as const;
  return replyTo === undefined ? item : { ...item, replyTo };
}
