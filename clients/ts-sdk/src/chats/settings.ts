import { kindName, type MemberRole, memberRoles } from '../codes.js';
import { details, own, type WireChat } from '../frames/elements.js';

/** What a chat is to oneself alone; the same on all one's devices. */
export interface OwnSettings {
  /** It is in the archive; a message takes it out, unless it is muted. */
  readonly archived: boolean;
  readonly pinned: boolean;
  /** One marked it as unread, and has read nothing since. */
  readonly markedUnread: boolean;
  /** Nothing of it is notified until then; null when it is not muted. `mutedForEver` is for ever. */
  readonly mutedUntilMs: number | null;
  /** One's own theme; goes before the chat's. */
  readonly theme: string | null;
  readonly clearedUpTo: number | null;
  readonly draft: Draft | null;
}

export interface Draft {
  /** Grows with every change. */
  readonly version: number;
  readonly text: string;
  readonly replyTo: number | null;
}

/** What a group or channel is to everybody in it, beside its name. Roles are the least that may. */
export interface ChatDetails {
  readonly sendRole: MemberRole | 'unknown';
  readonly editRole: MemberRole | 'unknown';
  readonly addRole: MemberRole | 'unknown';
  readonly description: string | null;
  readonly avatar: string | null;
  readonly theme: string | null;
  /** The public name of a channel. */
  readonly handle: string | null;
}

/** As both are at the beginning, where the service says neither (protocol-spec.md §6.20). */
const untouched = [false, false, false];
const undetailed = [1, 2, 2];

export function ownOf(chat: WireChat): OwnSettings {
  return chat.own ?? own.unpack(untouched);
}

export function detailsOf(chat: WireChat): ChatDetails {
  const held = chat.details ?? details.unpack(undetailed);
  const role = (value: number): MemberRole | 'unknown' => kindName(memberRoles, value);
  return { ...held, sendRole: role(held.sendRole), editRole: role(held.editRole), addRole: role(held.addRole) };
}

/** A message came, at the service's time `atMs`: it takes the chat out of the archive, unless that is muted (protocol-spec.md §6.36). */
export function afterMessage(held: OwnSettings, atMs: number): OwnSettings {
  return held.archived && (held.mutedUntilMs ?? 0) <= atMs ? { ...held, archived: false } : held;
}

/** Something was read. */
export function afterReading(held: OwnSettings): OwnSettings {
  return held.markedUnread ? { ...held, markedUnread: false } : held;
}
