// The fields of protocol-spec.md §6 in their order. A trailing '?' marks an optional one.

const event = {
  chat_id: 'int', sequence: 'int', kind: 'int', sender_id: 'int', created_at_ms: 'int',
  client_message_id: 'uuid?', reply_to: 'int?', text: 'text?', subject_id: 'int?', role: 'int?',
  previous: 'text?', changes: 'changes?', content: 'content?',
};
const chat = {
  chat_id: 'int', kind: 'int', epoch: 'int', name: 'text?', role: 'int', joined_at_sequence: 'int', head_sequence: 'int',
  delivered_up_to: 'int', read_up_to: 'int', unread: 'int', others_delivered_up_to: 'int', others_read_up_to: 'int',
  member_count: 'int', peer_id: 'int?', peer_name: 'text?', last_event: 'event?', created_at_ms: 'int', last_activity_ms: 'int',
  own: 'own?', details: 'details?', mentions: 'mentions?',
};

export const elements = {
  event,
  changes: {
    as_of: 'int', edited_at_ms: 'int?', deleted_at_ms: 'int?', deleted_by: 'int?', pinned_at_ms: 'int?', own_reaction: 'text?',
    reactions: 'reaction[]?',
  },
  content: {
    kind: 'int', forwarded: 'int?', marks: 'mark[]?', media: 'media?', location: 'location?', contact: 'text?', status: 'status?',
    link: 'link?',
  },
  status: { status_id: 'int', kind: 'int', text: 'text?' },
  mark: { kind: 'int', start: 'int', length: 'int', principal_id: 'int?' },
  media: {
    blob_id: 'text', content_type: 'text', bytes: 'int', file_name: 'text?', width: 'int?', height: 'int?', duration_ms: 'int?', preview: 'text?',
    waveform: 'int[]?',
  },
  link: { url: 'text', title: 'text?', description: 'text?', site_name: 'text?', image: 'media?', token: 'text' },
  location: { latitude: 'int', longitude: 'int', name: 'text?' },
  reaction: { emoji: 'text', count: 'int' },
  chat,
  own: {
    archived: 'bool', pinned: 'bool', marked_unread: 'bool', muted_until_ms: 'int?', theme: 'text?', cleared_up_to: 'int?', draft: 'draft?',
  },
  draft: { version: 'int', text: 'text', reply_to: 'int?' },
  details: {
    send_role: 'int', edit_role: 'int', add_role: 'int', description: 'text?', avatar: 'text?', theme: 'text?', handle: 'text?',
  },
  mentions: { count: 'int', first: 'int' },
  position: { chat_id: 'int', epoch: 'int', sequence: 'int' },
  resumed: { chat_id: 'int', epoch: 'int', head_sequence: 'int', recovered: 'bool' },
  limits: { max_frame_bytes: 'int', max_text_bytes: 'int', max_history_limit: 'int', max_positions: 'int', max_watched: 'int' },
  member: { principal_id: 'int', name: 'text', role: 'int', delivered_up_to: 'int', read_up_to: 'int', joined_at_sequence: 'int' },
  principal: { principal_id: 'int', kind: 'int', name: 'text', about: 'text?', avatar: 'text?' },
  presence: { principal_id: 'int', online: 'bool', last_seen_ms: 'int?' },
  receipt: { principal_id: 'int', delivered_up_to: 'int', read_up_to: 'int' },
};

export const frames = {
  hello: [1, { protocol_version: 'int', token: 'text', client_name: 'text', positions: 'position[]?' }],
  authenticate: [2, { token: 'text' }],
  ping: [3, {}],
  send_message: [4, { chat_id: 'int', client_message_id: 'uuid', text: 'text', reply_to: 'int?', content: 'content?' }],
  get_history: [5, { chat_id: 'int', after: 'int?', before: 'int?', limit: 'int?' }],
  get_chats: [6, { cursor: 'text?', limit: 'int?' }],
  get_chat: [7, { chat_id: 'int' }],
  get_members: [8, { chat_id: 'int', after_principal_id: 'int?', limit: 'int?' }],
  get_principals: [9, { principal_ids: 'int[]' }],
  open_direct: [10, { principal_id: 'int' }],
  mark_delivered: [11, { chat_id: 'int', up_to: 'int' }],
  mark_read: [12, { chat_id: 'int', up_to: 'int' }],
  set_typing: [13, { chat_id: 'int', active: 'bool' }],
  watch_presence: [14, { principal_ids: 'int[]' }],
  edit_message: [15, { chat_id: 'int', client_message_id: 'uuid', sequence: 'int', text: 'text' }],
  delete_message: [16, { chat_id: 'int', client_message_id: 'uuid', sequence: 'int' }],
  react: [17, { chat_id: 'int', client_message_id: 'uuid', sequence: 'int', emoji: 'text?' }],
  signal_call: [18, { call_id: 'int', endpoint_id: 'uuid', to: 'int', sequence: 'int', kind: 'int', body: 'text' }],
  keep_call: [19, { call_id: 'int', endpoint_id: 'uuid' }],
  welcome: [40, {
    protocol_version: 'int', session_id: 'int', principal_id: 'int', name: 'text', inbox_chat_id: 'int', server_time_ms: 'int',
    token_expires_at_ms: 'int', ping_interval_ms: 'int', limits: 'limits', resumed: 'resumed[]', server_name: 'text',
  }],
  ok: [41, {}],
  sent: [42, { chat_id: 'int', sequence: 'int', created_at_ms: 'int' }],
  history: [43, {
    chat_id: 'int', epoch: 'int', head_sequence: 'int', events: 'event[]', covers_from: 'int', covers_to: 'int', has_more: 'bool',
  }],
  chats: [44, { chats: 'chat[]', next_cursor: 'text?' }],
  chat: [45, { chat: 'chat' }],
  members: [46, { chat_id: 'int', members: 'member[]', has_more: 'bool' }],
  principals: [47, { principals: 'principal[]' }],
  presences: [48, { presences: 'presence[]' }],
  error: [49, { code: 'int', message: 'text', retryable: 'bool', retry_after_ms: 'int?' }],
  event: [80, event],
  receipts: [81, { chat_id: 'int', receipts: 'receipt[]' }],
  typing: [82, { chat_id: 'int', principal_id: 'int', active: 'bool' }],
  presence: [83, { principal_id: 'int', online: 'bool', last_seen_ms: 'int?' }],
  gap: [84, { chat_id: 'int', head_sequence: 'int' }],
  token_expiring: [85, { expires_at_ms: 'int' }],
  goodbye: [86, { code: 'int', reason: 'text', reconnect_after_ms: 'int' }],
  call_signal: [87, { call_id: 'int', from: 'int', endpoint_id: 'uuid', sequence: 'int', kind: 'int', body: 'text' }],
};

/** Every field of a schema named, a missing optional one as null (an optional array as []). */
export function complete(schema, given) {
  const unknown = Object.keys(given).filter((name) => !(name in schema));
  if (unknown.length > 0) throw new Error(`unknown fields: ${unknown}`);
  return Object.fromEntries(Object.entries(schema).map(([name, type]) => [name, completeOne(name, type, given[name])]));
}

function completeOne(name, type, value) {
  const bare = type.replace('?', '');
  if (value === undefined || value === null) {
    if (!type.endsWith('?')) throw new Error(`${name} is not optional`);
    return bare.endsWith('[]') ? [] : null;
  }
  if (bare.endsWith('[]')) return value.map((one) => completeOne(name, bare.slice(0, -2), one));
  return bare in elements ? complete(elements[bare], value) : value;
}

/** The positional array of completed fields, without the optional ones at the end that are nil. */
export function positional(schema, fields) {
  const entries = Object.entries(schema);
  const values = entries.map(([name, type]) => value(type, fields[name]));
  let count = values.length;
  while (count > 0 && entries[count - 1][1].endsWith('?') && isNothing(values[count - 1])) count--;
  return values.slice(0, count);
}

function isNothing(value) {
  return value === null || (Array.isArray(value) && value.length === 0);
}

function value(type, given) {
  const bare = type.replace('?', '');
  if (given === null) return null;
  if (bare.endsWith('[]')) return given.map((one) => value(bare.slice(0, -2), one));
  if (bare === 'uuid') return Uint8Array.from(Buffer.from(given, 'hex'));
  return bare in elements ? positional(elements[bare], given) : given;
}
