import { ChatError, errorCodes } from '@chat/sdk';

/** Where somebody can join: by the code of an invite link, or by the public name of a channel. */
export type JoinPlace =
  | { readonly name: 'invite'; readonly params: { readonly code: string } }
  | { readonly name: 'channel'; readonly params: { readonly handle: string } };

const Handle = /^[a-z][a-z0-9_]{3,31}$/u;
/** 128 random bits. */
const Code = /^[A-Za-z0-9_-]{22}$/u;

/** The public name as the service has it, of what somebody typed; null where it is none. */
export function handleOf(text: string): string | null {
  const handle = text.trim().replace(/^@/u, '').toLowerCase();
  return Handle.test(handle) ? handle : null;
}

/** Of what somebody typed or pasted: a link of this page, the code alone, or a public name with or without its sign. */
export function joinPlaceOf(text: string, origin: string): JoinPlace | null {
  const trimmed = text.trim();
  const path = pathOf(trimmed, origin);
  const [, kind, last = ''] = /^\/(join|channel)\/([^/]+)\/?$/u.exec(path) ?? [];
  if (kind === 'join') return Code.test(last) ? inviteTo(last) : null;
  const handle = handleOf(kind === 'channel' ? last : trimmed);
  if (handle !== null) return { name: 'channel', params: { handle } };
  return Code.test(trimmed) ? inviteTo(trimmed) : null;
}

function inviteTo(code: string): JoinPlace {
  return { name: 'invite', params: { code } };
}

function pathOf(text: string, origin: string): string {
  if (!URL.canParse(text)) return '';
  const url = new URL(text);
  return url.origin === origin ? url.pathname : '';
}

export function inviteLink(code: string, origin: string): string {
  return `${origin}/join/${code}`;
}

export function channelLink(handle: string, origin: string): string {
  return `${origin}/channel/${handle}`;
}

/** What is refused of a public name whose form was looked at here: another channel has it. The fault names its field first. */
export function isHandleTaken(fault: unknown): boolean {
  return fault instanceof ChatError && fault.code === errorCodes.invalid_argument && /^handle\b/u.test(fault.message);
}
