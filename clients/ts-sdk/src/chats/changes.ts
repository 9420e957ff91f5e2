import type { MessageContent } from '../api.js';
import { eventKinds } from '../codes.js';
import type { WireChanges, WireEvent } from '../frames/elements.js';

/** What of a message changes after it was sent. */
export interface Changeable {
  readonly sequence: number;
  readonly text: string | null;
  readonly changes: WireChanges | null;
  readonly content: MessageContent | null;
}

/** `stale`: it has another text, which the event does not say. */
export type Applied = (Omit<Changeable, 'sequence'> & { readonly changes: WireChanges }) | 'stale' | null;

export function isChange(kind: number): boolean {
  return kind >= eventKinds.edited && kind <= eventKinds.unpinned;
}

/** Applies an event to the message that it names (protocol-spec.md §6.25); null if it is counted in already. */
export function applyChange(held: Changeable, event: WireEvent, me: number): Applied {
  const { text, content } = held;
  const before = held.changes ?? untouched(held.sequence);
  if (event.sequence <= before.asOf || before.deletedAtMs !== null) return null;
  const changes = { ...before, asOf: event.sequence };
  switch (event.kind) {
    case eventKinds.edited:
      if (event.text === null) return 'stale';
      return {
        text: event.text,
        changes: { ...changes, editedAtMs: event.createdAtMs },
        content: content && withoutText(content),
      };
    case eventKinds.deleted:
      return {
        text: null,
        changes: { ...untouched(event.sequence), deletedAtMs: event.createdAtMs, deletedBy: event.senderId },
        content: null,
      };
    case eventKinds.reaction: {
      const emoji = event.text === '' ? null : event.text;
      const ownReaction = event.senderId === me ? emoji : before.ownReaction;
      return { text, content, changes: { ...changes, ownReaction, reactions: recount(before.reactions, event.previous, emoji) } };
    }
    case eventKinds.pinned:
      return { text, content, changes: { ...changes, pinnedAtMs: event.createdAtMs } };
    case eventKinds.unpinned:
      return { text, content, changes: { ...changes, pinnedAtMs: null } };
    default:
      return null;
  }
}

/** Without what was of the text before. */
function withoutText({ marks, link, ...rest }: MessageContent): MessageContent {
  return rest;
}

function untouched(asOf: number): WireChanges {
  return { asOf, editedAtMs: null, deletedAtMs: null, deletedBy: null, pinnedAtMs: null, ownReaction: null, reactions: [] };
}

/** The most frequent first, as the server sorts them. */
function recount(reactions: WireChanges['reactions'], taken: string | null, added: string | null): WireChanges['reactions'] {
  const counts = new Map(reactions.map(({ emoji, count }) => [emoji, count]));
  if (taken !== null) counts.set(taken, (counts.get(taken) ?? 1) - 1);
  if (added !== null) counts.set(added, (counts.get(added) ?? 0) + 1);
  return [...counts]
    .map(([emoji, count]) => ({ emoji, count }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count || (a.emoji < b.emoji ? -1 : 1));
}
