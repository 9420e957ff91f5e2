import { kindName, type MemberRole, memberRoles } from '../codes.js';
import type { WireChat } from '../frames/elements.js';

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

const untouched: OwnSettings = {
  archived: false,
  pinned: false,
  markedUnread: false,
  mutedUntilMs: null,
  theme: null,
  clearedUpTo: null,
  draft: null,
};

const undetailed = { sendRole: 1, editRole: 2, addRole: 2, description: null, avatar: null, theme: null, handle: null };

export function ownOf(chat: WireChat): OwnSettings {
  return chat.own ?? untouched;
}

export function detailsOf(chat: WireChat): ChatDetails {
  const details = chat.details ?? undetailed;
  const role = (value: number): MemberRole | 'unknown' => kindName(memberRoles, value);
  return { ...details, sendRole: role(details.sendRole), editRole: role(details.editRole), addRole: role(details.addRole) };
}

/** A message came, at the service's time `atMs`: it takes the chat out of the archive, unless that is muted (protocol-spec.md §6.36). */
export function afterMessage(own: OwnSettings, atMs: number): OwnSettings {
  return own.archived && (own.mutedUntilMs ?? 0) <= atMs ? { ...own, archived: false } : own;
}

/** Something was read. */
export function afterReading(own: OwnSettings): OwnSettings {
  return own.markedUnread ? { ...own, markedUnread: false } : own;
}
