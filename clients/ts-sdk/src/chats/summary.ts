import type { ChatSummary } from '../api.js';
import { chatKinds, eventKinds, kindName, memberRoles } from '../codes.js';
import type { WireChat, WireEvent } from '../frames/elements.js';
import { applyChange, isChange } from './changes.js';
import { afterMessage, afterReading, detailsOf, ownOf } from './settings.js';

/** A chat's own numbers and names, without what the client adds (`lastItem`, `unread`). */
export type SummaryBase = Omit<ChatSummary, 'lastItem' | 'unread'> & {
  readonly epoch: number;
  readonly lastEvent: WireEvent | null;
};

export function summaryOf(chat: WireChat): SummaryBase {
  const { kind, role } = chat;
  return { ...chat, kind: kindName(chatKinds, kind), role: kindName(memberRoles, role), own: ownOf(chat), details: detailsOf(chat) };
}

const risingFields = ['deliveredUpTo', 'readUpTo', 'othersDeliveredUpTo', 'othersReadUpTo', 'lastActivityMs'] as const;

/** Numbers that only go up, whatever comes in whichever order. */
export type Rising = Partial<Pick<SummaryBase, (typeof risingFields)[number]>>;

/** Takes what is higher; the same object if nothing is. */
export function raise(held: SummaryBase, fresh: Rising): SummaryBase {
  const higher = risingFields.filter((field) => (fresh[field] ?? 0) > held[field]);
  if (higher.length === 0) return held;
  const own = higher.includes('readUpTo') ? afterReading(held.own) : held.own;
  return { ...held, ...Object.fromEntries(higher.map((field) => [field, fresh[field]])), own };
}

/** A snapshot may be older than the pushes that were taken. */
export function mergeSummary(held: SummaryBase, fresh: SummaryBase): SummaryBase {
  if (held.epoch !== fresh.epoch) return fresh;
  if (fresh.headSequence >= held.headSequence) return raise(fresh, held);
  const { lastEvent, readUpTo } = held;
  const rejoined = fresh.joinedAtSequence > held.joinedAtSequence ? { role: fresh.role, joinedAtSequence: fresh.joinedAtSequence } : {};
  let own = readUpTo > fresh.readUpTo ? afterReading(fresh.own) : fresh.own;
  if (lastEvent?.kind === eventKinds.message && lastEvent.sequence > fresh.headSequence) own = afterMessage(own, lastEvent.createdAtMs);
  return { ...raise({ ...held, ...rejoined, details: fresh.details }, fresh), own };
}

/**
 * What a message says of watermarks, which no push does: one's own counts as read by oneself, whichever device sent it, and the peer of a
 * direct chat has read what came before its own (protocol-spec.md §8.5).
 */
export function impliedWatermarks(event: WireEvent | null, me: number, peerId: number | null): Rising {
  if (event?.kind !== eventKinds.message) return {};
  const { sequence, senderId } = event;
  if (senderId === me) return { readUpTo: sequence, deliveredUpTo: sequence };
  return senderId === peerId ? { othersReadUpTo: sequence, othersDeliveredUpTo: sequence } : {};
}

/** What an event changes. One that the summary's head covers already can only raise watermarks. */
export function applyEvent(held: SummaryBase, event: WireEvent, me: number): SummaryBase {
  const { sequence } = event;
  const implied = impliedWatermarks(event, me, held.peerId);
  if (sequence <= held.headSequence) return raise(held, implied);
  const isQuiet = isChange(event.kind) || event.kind === eventKinds.reader_removed;
  const lastEvent = isQuiet ? changedEvent(held.lastEvent, event, me) : event;
  const own = event.kind === eventKinds.message ? afterMessage(held.own, event.createdAtMs) : held.own;
  const next = { ...held, ...membershipChange(held, event, me), headSequence: sequence, lastEvent, own };
  return raise(next, isQuiet ? implied : { ...implied, lastActivityMs: event.createdAtMs });
}

/** What is done to a message is shown with it, not in place of it. */
function changedEvent(held: WireEvent | null, event: WireEvent, me: number): WireEvent | null {
  if (held === null || held.sequence !== event.replyTo) return held;
  const changed = applyChange(held, event, me);
  return changed === null || changed === 'stale' ? held : { ...held, ...changed };
}

/** The newest message has another text, which its event did not say. */
export function replaceLastEvent(held: SummaryBase, fresh: WireEvent): SummaryBase {
  return held.lastEvent?.sequence === fresh.sequence ? { ...held, lastEvent: fresh } : held;
}

function membershipChange(held: SummaryBase, event: WireEvent, me: number): Partial<SummaryBase> {
  switch (event.kind) {
    case eventKinds.renamed:
      return { name: event.text };
    case eventKinds.member_added:
      return { memberCount: held.memberCount + 1 };
    case eventKinds.member_removed:
    case eventKinds.member_left:
      return { memberCount: Math.max(0, held.memberCount - 1) };
    case eventKinds.role_changed:
      return event.subjectId === me && event.role !== null ? { role: kindName(memberRoles, event.role) } : {};
    default:
      return {};
  }
}
