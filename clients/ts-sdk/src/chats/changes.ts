import type { MessageContent } from '../api.js';
import { eventKinds } from '../codes.js';
import { changes as changesField, type WireChanges, type WireEvent } from '../frames/elements.js';

/** A message, and what of it changes after it was sent. */
export interface Changeable {
  readonly sequence: number;
  readonly text?: string | null;
  readonly changes?: WireChanges | null;
  readonly content?: MessageContent | null;
}

/** What becomes of it. */
export interface Changed {
  readonly text: string | null;
  readonly changes: WireChanges;
  readonly content: MessageContent | null;
}

export function isChange(kind: number): boolean {
  return kind >= eventKinds.edited && kind <= eventKinds.unpinned;
}

/**
 * Applies an event to the message that it names (protocol-spec.md §6.25); null if it is counted in already. `stale`: it has another text, which
 * the event does not say.
 */
export function applyChange(held: Changeable, event: WireEvent, me: number): Changed | 'stale' | null {
  const { text = null, content = null } = held;
  const before = held.changes ?? untouched(held.sequence);
  if (event.sequence <= before.asOf || before.deletedAtMs !== null) return null;
  const changed = (change: Partial<WireChanges>): Changed => ({ text, content, changes: { ...before, asOf: event.sequence, ...change } });
  switch (event.kind) {
    case eventKinds.edited:
      if (event.text === null) return 'stale';
      return { ...changed({ editedAtMs: event.createdAtMs }), text: event.text, content: content && withoutText(content) };
    case eventKinds.deleted:
      return {
        ...changed({ ...untouched(event.sequence), deletedAtMs: event.createdAtMs, deletedBy: event.senderId }),
        text: null,
        content: null,
      };
    case eventKinds.reaction: {
      const emoji = event.text === '' ? null : event.text;
      const ownReaction = event.senderId === me ? emoji : before.ownReaction;
      return changed({ ownReaction, reactions: recount(before.reactions, event.previous, emoji) });
    }
    case eventKinds.pinned:
      return changed({ pinnedAtMs: event.createdAtMs });
    case eventKinds.unpinned:
      return changed({ pinnedAtMs: null });
    default:
      return null;
  }
}

/** Without what was of the text before. */
function withoutText({ marks, link, ...rest }: MessageContent): MessageContent {
  return rest;
}

/** Nothing was done to the message up to here: all but `asOf` is left out. */
function untouched(asOf: number): WireChanges {
  return changesField.unpack([asOf]);
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
