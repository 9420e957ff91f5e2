/**
 * Frozen numbers of the wire (protocol-spec.md §5, §6.20, §6.25, §9). Append, never edit: a test compares these tables with the
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

export type FrameName = keyof typeof frameTypes;
export type FrameType = (typeof frameTypes)[FrameName];

/** Of a `ChatError` that the service made; which may be tried again the error itself says. */
export const errorCodes = {
  invalid_argument: 100,
  text_empty: 101,
  text_too_long: 102,
  text_has_nul: 103,
  reply_target_not_found: 104,
  chat_not_found: 200,
  not_a_member: 201,
  client_message_id_reused: 202,
  not_allowed: 203,
  already_a_member: 204,
  too_many_members: 205,
  principal_not_found: 206,
  message_not_found: 207,
  too_late: 208,
  message_deleted: 209,
  blocked: 210,
  contact_not_found: 211,
  invite_not_found: 214,
  invite_expired: 215,
  too_many_pins: 216,
  status_not_found: 217,
  too_many_statuses: 218,
  chat_deleted: 219,
  blob_not_found: 220,
  blob_too_large: 221,
  content_not_allowed: 222,
  upload_offset_mismatch: 223,
  quota_exceeded: 224,
  link_expired: 225,
  call_not_found: 226,
  call_ended: 227,
  answered_elsewhere: 228,
  in_another_call: 229,
  schedule_time_invalid: 230,
  too_many_scheduled: 231,
  not_changeable: 232,
  push_transport_off: 233,
  push_keys_invalid: 234,
  push_endpoint_invalid: 235,
  preview_unavailable: 236,
  url_refused: 237,
  link_token_invalid: 238,
  not_sender: 239,
  no_receipts: 240,
  not_deletable: 241,
  sign_in_required: 300,
  sign_in_failed: 301,
  account_exists: 302,
  refresh_token_invalid: 303,
  token_invalid: 304,
  second_factor_required: 305,
  code_invalid: 306,
  not_configured: 307,
  account_blocked: 308,
  passkey_refused: 309,
  passkey_ceremony_over: 310,
  passkey_origin_refused: 311,
  passkey_not_found: 312,
  busy: 400,
  rate_limited: 401,
  unavailable: 402,
  internal: 500,
} as const;

export type ErrorName = keyof typeof errorCodes;

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
export const eventKinds = {
  message: 1,
  chat_created: 2,
  member_added: 3,
  member_removed: 4,
  member_left: 5,
  renamed: 6,
  role_changed: 7,
  chat_added: 8,
  chat_removed: 9,
  edited: 10,
  deleted: 11,
  reaction: 12,
  pinned: 13,
  unpinned: 14,
  chat_info_changed: 15,
  reader_removed: 16,
  contact_changed: 30,
  block_changed: 31,
  profile_changed: 32,
  starred: 33,
  unstarred: 34,
  hidden: 35,
  chat_settings_changed: 36,
  draft_changed: 37,
  history_cleared: 38,
  statuses_changed: 39,
  status_viewed: 40,
  call_ringing: 41,
  call_changed: 42,
  call_ended: 43,
  call: 44,
  scheduled_changed: 45,
  chat_deleted: 46,
  notices_read: 47,
  signed_in: 48,
  passkey_added: 49,
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
