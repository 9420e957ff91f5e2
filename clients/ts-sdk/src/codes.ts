/**
 * Frozen numbers of the wire (protocol-spec.md §5, §6.20, §6.25, §9.2; those of §9.1 are in `error-codes.ts`). Append, never edit: a test compares these tables with the
 * specification's.
 */
export const frameTypes = {
  hello: 1,
  authenticate: 2,
  ping: 3,
  send_message: 4,
  get_history: 5,
  get_chats: 6,
  get_chat: 7,
  get_members: 8,
  get_principals: 9,
  open_direct: 10,
  mark_delivered: 11,
  mark_read: 12,
  set_typing: 13,
  watch_presence: 14,
  edit_message: 15,
  delete_message: 16,
  react: 17,
  signal_call: 18,
  keep_call: 19,
  welcome: 40,
  ok: 41,
  sent: 42,
  history: 43,
  chats: 44,
  chat: 45,
  members: 46,
  principals: 47,
  presences: 48,
  error: 49,
  event: 80,
  receipts: 81,
  typing: 82,
  presence: 83,
  gap: 84,
  token_expiring: 85,
  goodbye: 86,
  call_signal: 87,
} as const;

/** Of the table, such as `send_message`; `type_99` for one that came after this version. */
export function frameName(type: number): string {
  const name = kindName(frameTypes, type);
  return name === 'unknown' ? `type_${type}` : name;
}

export type FrameName = keyof typeof frameTypes;
export type FrameType = (typeof frameTypes)[FrameName];

export const closeCodes = {
  draining: 4000,
  slow_consumer: 4001,
  idle_timeout: 4002,
  overloaded: 4003,
  internal_error: 4004,
  hello_timeout: 4005,
  storage_unavailable: 4006,
  token_expired: 4400,
  token_invalid: 4401,
  session_revoked: 4402,
  malformed_frame: 4500,
  unknown_frame_type: 4501,
  wrong_state: 4502,
  frame_too_large: 4503,
  unsupported_version: 4504,
  invalid_request_id: 4505,
} as const;

export type DisconnectVerdict = 'come_back' | 'come_back_with_new_token' | 'stop';

/** What a close code means for the client; an unknown code is judged by its range (protocol-spec.md §9.2). */
export function disconnectVerdict(code: number): DisconnectVerdict {
  if (code >= 4500 && code <= 4999) return 'stop';
  if (code >= 4400 && code <= 4499) return 'come_back_with_new_token';
  return stoppingCodes.has(code) ? 'stop' : 'come_back';
}

const stoppingCodes: ReadonlySet<number> = new Set([1000, 1002, 1003, 1007, 1008, 1009]);

export const chatKinds = { direct: 1, group: 2, channel: 3, support: 4, inbox: 5 } as const;
export const memberRoles = { member: 1, admin: 2 } as const;
export const principalKinds = { person: 1, agent: 2, visitor: 3, bot: 4 } as const;
/** Of a chat's events; those of the inbox are in `inbox-kinds.ts`. */
export const eventKinds = {
  message: 1,
  chat_created: 2,
  member_added: 3,
  member_removed: 4,
  member_left: 5,
  renamed: 6,
  role_changed: 7,
  edited: 10,
  deleted: 11,
  reaction: 12,
  pinned: 13,
  unpinned: 14,
  chat_info_changed: 15,
  reader_removed: 16,
  call: 44,
  chat_deleted: 46,
} as const;

export const contentKinds = { text: 1, image: 2, video: 3, audio: 4, voice: 5, document: 6, location: 7, contact: 8 } as const;
export const markKinds = { bold: 1, italic: 2, strikethrough: 3, code: 4, mention: 5 } as const;

export type ContentKind = keyof typeof contentKinds;
export type MarkKind = keyof typeof markKinds;
export type ChatKind = keyof typeof chatKinds;
export const chatKindNames = /* @__PURE__ */ Object.keys(chatKinds) as readonly ChatKind[];
export type MemberRole = keyof typeof memberRoles;
export type PrincipalKind = keyof typeof principalKinds;
export type EventKind = keyof typeof eventKinds;

/** The name of a number, or `unknown` for one that came after this version. */
export function kindName<T extends string>(table: Readonly<Record<T, number>>, value: number): T | 'unknown' {
  for (const name in table) if (table[name] === value) return name;
  return 'unknown';
}
