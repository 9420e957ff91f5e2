import type { ChatEvent, ChatItem, SendState } from '../api.js';
import { present } from '../codec/fields.js';
import { eventKinds, kindName, memberRoles } from '../codes.js';
import type { WireEvent } from '../frames/elements.js';
import * as inboxKinds from '../inbox-kinds.js';
import type { QueuedMessage } from '../outbox/outgoing-message.js';
import { applyChange, isChange } from './changes.js';

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
  const { kind, sequence, replyTo, role } = event;
  const own = event.senderId === me;
  const isAbout = isChange(kind) || kind >= inboxKinds.starred;
  return present({
    ...event,
    kind: kindName(eventKinds, kind),
    replyTo: isAbout ? null : replyTo,
    target: isAbout ? replyTo : null,
    role: role === null ? null : kindName(memberRoles, role),
    own,
    state: own && kind === eventKinds.message ? storedState(sequence, others) : null,
    outgoing,
  }) as ChatEvent;
}

/** The item with an event applied to it; the same one if that is counted in already. */
export function changedItem(item: ChatEvent, event: WireEvent, me: number): ChatEvent | 'stale' {
  const changed = applyChange(item, event, me);
  if (changed === null) return item;
  return changed === 'stale' ? changed : (present({ ...item, ...changed }) as ChatEvent);
}

/** Of two pictures of one message the one that counts more changes in, with what is known of its sending. */
export function newerItem(held: ChatEvent | undefined, fresh: ChatEvent): ChatEvent {
  if (held === undefined) return fresh;
  const freshAsOf = fresh.changes?.asOf ?? 0;
  const heldAsOf = held.changes?.asOf ?? 0;
  // As new as what is held, it may yet know a text that no push said.
  const isFresh = freshAsOf > heldAsOf || (freshAsOf === heldAsOf && (freshAsOf > 0 || held.outgoing === undefined));
  const newer = isFresh ? fresh : held;
  const outgoing = held.outgoing ?? fresh.outgoing;
  return outgoing === undefined || newer.outgoing === outgoing ? newer : { ...newer, outgoing };
}

/** An own message as the client knows it, with or without its sequence. */
export function outgoingItem(message: QueuedMessage, me: number): ChatItem {
  const { chatId, sequence, createdAtMs, clientMessageId, text, state, replyTo, content } = message;
  return {
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
    ...present({ replyTo, content }),
  };
}
