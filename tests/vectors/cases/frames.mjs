// [frame, case, request_id, fields] for each file of frames/ that an encoder must give byte by byte.

const uuid = '00112233445566778899aabbccddeeff';
const t = 1_795_262_400_123;
const max = Number.MAX_SAFE_INTEGER;
const range = (n, f) => Array.from({ length: n }, (_, i) => f(i));

const message = { chat_id: 7, sequence: 6, kind: 1, sender_id: 12, created_at_ms: t, client_message_id: uuid, text: 'hello' };
const reply = { ...message, sequence: 7, reply_to: 6, text: 'Grüße, 你好 👋🏽' };
const added = { chat_id: 7, sequence: 2, kind: 3, sender_id: 12, created_at_ms: t, subject_id: 13, role: 1 };
const removed = { chat_id: 7, sequence: 8, kind: 4, sender_id: 12, created_at_ms: t, subject_id: 13 };
const edited = { chat_id: 7, sequence: 9, kind: 10, sender_id: 12, created_at_ms: t, client_message_id: uuid, reply_to: 6, text: 'hello!' };
const deleted = { chat_id: 7, sequence: 10, kind: 11, sender_id: 12, created_at_ms: t, client_message_id: uuid, reply_to: 7 };
const reaction = { chat_id: 7, sequence: 11, kind: 12, sender_id: 13, created_at_ms: t, client_message_id: uuid, reply_to: 6, text: '❤️', previous: '👍🏽' };
const changed = {
  ...message, text: 'hello!',
  changes: {
    as_of: 11, edited_at_ms: t, pinned_at_ms: t + 1, own_reaction: '❤️', reactions: [{ emoji: '👍🏽', count: 300 }, { emoji: '❤️', count: 1 }],
  },
};
const gone = { ...reply, text: null, changes: { as_of: 10, deleted_at_ms: t, deleted_by: 12 } };
const marks = [{ kind: 1, start: 0, length: 5 }, { kind: 5, start: 6, length: 5, principal_id: 13 }];
const place = { kind: 7, location: { latitude: 14_252_000_000, longitude: 19_340_500_000, name: 'Berlin' } };
const photo = {
  kind: 2, forwarded: 1,
  media: { blob_id: 'b-1_A', content_type: 'image/jpeg', bytes: 81_920, file_name: 'harbour.jpg', width: 1_600, height: 1_200, preview: 'LEHV6nWB2yk8' },
};
const voice = { kind: 5, media: { blob_id: 'v1', content_type: 'audio/ogg', bytes: 9_000, duration_ms: 4_200, waveform: [0, 17, 255, 3] } };
const page = {
  kind: 1,
  link: {
    url: 'https://example.org/a?b=ü', title: 'A harbour — at night', description: 'What is seen there.', site_name: 'Example',
    image: { blob_id: '0123456789abcdef0123456789abcdef', content_type: 'image/webp', bytes: 20_480, width: 1_200, height: 630 },
    token: 'AAECAwQFBgcICQoLDA0ODw',
  },
};
const card = { kind: 8, contact: 'BEGIN:VCARD\nVERSION:4.0\nFN:Bert\nTEL:+491701234567\nEND:VCARD' };
const direct = {
  chat_id: 9, kind: 1, epoch: 33, role: 1, joined_at_sequence: 1, head_sequence: 1, delivered_up_to: 1, read_up_to: 1, unread: 0,
  others_delivered_up_to: 0, others_read_up_to: 0, member_count: 2, created_at_ms: t, last_activity_ms: t,
};
const directFull = { ...direct, peer_id: 13, peer_name: 'Bert', last_event: { ...message, chat_id: 9, sequence: 1 } };
const group = {
  chat_id: 7, kind: 2, epoch: 33, name: 'Harbour', role: 2, joined_at_sequence: 1, head_sequence: 300, delivered_up_to: 290,
  read_up_to: 44, unread: 256, others_delivered_up_to: 128, others_read_up_to: 127, member_count: 256, last_event: removed,
  created_at_ms: t - 1, last_activity_ms: t,
};
const limits = { max_frame_bytes: 65_536, max_text_bytes: 16_384, max_history_limit: 200, max_positions: 2_000, max_watched: 200 };
const welcome = {
  protocol_version: 1, session_id: 901, principal_id: 12, name: 'Anna', inbox_chat_id: 5, server_time_ms: t,
  token_expires_at_ms: t + 900_000, ping_interval_ms: 25_000, limits, resumed: [], server_name: 'chat-server/0.1.0',
};

export default [
  ['hello', '', 1, { protocol_version: 1, token: 'eyJhbGciOiJIUzI1NiJ9.e30.c2ln', client_name: 'ts-sdk/0.1.0' }],
  ['hello', 'positions', 1, {
    protocol_version: 1, token: 'x'.repeat(300), client_name: '',
    positions: [{ chat_id: 7, epoch: 33, sequence: 4 }, { chat_id: max, epoch: max, sequence: 0 }],
  }],
  ['hello', 'many_positions', 4_294_967_295, {
    protocol_version: 255, token: 't', client_name: 'n'.repeat(128),
    positions: range(300, (i) => ({ chat_id: i + 1, epoch: 33 * i, sequence: i * i })),
  }],
  ['authenticate', '', 2, { token: 'eyJhbGciOiJIUzI1NiJ9.e30.c2ln' }],
  ['authenticate', 'longest', 2, { token: 'a'.repeat(4_096) }],
  ['ping', '', 127, {}],
  ['ping', 'two_byte_request_id', 128, {}],
  ['send_message', '', 3, { chat_id: 7, client_message_id: uuid, text: 'hello' }],
  ['send_message', 'reply', 65_536, { chat_id: 7, client_message_id: uuid, text: 'hello', reply_to: 6 }],
  ['send_message', 'unicode', 256, {
    chat_id: 7, client_message_id: 'f'.repeat(32), text: 'é e\u0301 你好 👩‍👩‍👧‍👦 \u202e \uffff \u{10ffff}',
  }],
  ['send_message', 'byte_order_mark', 3, { chat_id: 7, client_message_id: uuid, text: '\ufeffhello' }],
  ['send_message', 'nul', 3, { chat_id: 7, client_message_id: uuid, text: 'a\u0000b' }],
  ['send_message', 'empty', 3, { chat_id: 7, client_message_id: '0'.repeat(32), text: '' }],
  ['send_message', 'marks', 3, { chat_id: 7, client_message_id: uuid, text: 'hello @Bert', content: { kind: 1, marks } }],
  ['send_message', 'forwarded', 3, { chat_id: 7, client_message_id: uuid, text: 'hello', content: { kind: 1, forwarded: 2 } }],
  ['send_message', 'location', 3, { chat_id: 7, client_message_id: uuid, text: '', reply_to: 6, content: place }],
  ['send_message', 'contact', 3, { chat_id: 7, client_message_id: uuid, text: '', content: card }],
  ['send_message', 'status', 3, { chat_id: 7, client_message_id: uuid, text: 'Where is that?', content: { kind: 1, status: { status_id: 77, kind: 2, text: 'At sea' } } }],
  ['send_message', 'link', 3, { chat_id: 7, client_message_id: uuid, text: 'Look: https://example.org/a?b=ü', content: page }],
  ['send_message', 'link_title', 3, { chat_id: 7, client_message_id: uuid, text: 'http://example.org', content: { kind: 1, forwarded: 1, link: { url: 'http://example.org', title: 'Example', token: 'AAECAwQFBgcICQoLDA0ODw' } } }],
  ['send_message', 'status_video', 3, { chat_id: 7, client_message_id: uuid, text: 'Wow', content: { kind: 1, status: { status_id: max, kind: 3 } } }],
  ['send_message', 'image', 3, { chat_id: 7, client_message_id: uuid, text: 'The harbour', content: photo }],
  ['send_message', 'voice', 3, { chat_id: 7, client_message_id: uuid, text: '', content: voice }],
  ...[31, 32, 255, 256, 16_384].map((n) =>
    ['send_message', `${n}_bytes`, 3, { chat_id: 7, client_message_id: uuid, text: 'm'.repeat(n) }]),
  ['get_history', '', 4, { chat_id: 7 }],
  ['get_history', 'after', 4, { chat_id: 7, after: 4 }],
  ['get_history', 'before', 4, { chat_id: 7, before: 65_535 }],
  ['get_history', 'limit', 4, { chat_id: 7, limit: 200 }],
  ['get_history', 'full', 4, { chat_id: max, after: 0, before: max, limit: 1 }],
  ['get_chats', '', 5, {}],
  ['get_chats', 'full', 5, { cursor: '1795262400123456.7', limit: 100 }],
  ['get_chats', 'limit', 5, { limit: 50 }],
  ['get_chat', '', 6, { chat_id: 4_294_967_296 }],
  ['get_members', '', 7, { chat_id: 7 }],
  ['get_members', 'full', 7, { chat_id: 7, after_principal_id: 4_294_967_295, limit: 256 }],
  ['get_principals', '', 8, { principal_ids: [12] }],
  ['get_principals', 'many', 8, { principal_ids: range(200, (i) => 2 ** (i % 53)) }],
  ['open_direct', '', 9, { principal_id: 13 }],
  ['mark_delivered', '', 10, { chat_id: 7, up_to: 6 }],
  ['mark_read', '', 11, { chat_id: 7, up_to: 255 }],
  ['set_typing', '', 12, { chat_id: 7, active: true }],
  ['set_typing', 'stopped', 12, { chat_id: 7, active: false }],
  ['watch_presence', '', 13, { principal_ids: [] }],
  ['watch_presence', '15', 13, { principal_ids: range(15, (i) => i) }],
  ['watch_presence', '16', 13, { principal_ids: range(16, (i) => i) }],

  ['edit_message', '', 14, { chat_id: 7, client_message_id: uuid, sequence: 6, text: 'hello!' }],
  ['delete_message', '', 15, { chat_id: 7, client_message_id: uuid, sequence: 6 }],
  ['react', '', 16, { chat_id: 7, client_message_id: uuid, sequence: 6 }],
  ['signal_call', '', 17, { call_id: 70, endpoint_id: uuid, to: 13, sequence: 1, kind: 1, body: 'v=0\r\n' }],
  ['signal_call', 'candidate', 18, { call_id: 70, endpoint_id: uuid, to: 13, sequence: 65_536, kind: 3, body: '' }],
  ['keep_call', '', 19, { call_id: 70, endpoint_id: uuid }],
  ['react', 'emoji', 16, { chat_id: 7, client_message_id: uuid, sequence: 65_536, emoji: '👩‍❤️‍💋‍👨' }],

  ['welcome', '', 1, welcome],
  ['welcome', 'resumed', 1, {
    ...welcome,
    resumed: [
      { chat_id: 7, epoch: 33, head_sequence: 5, recovered: true }, { chat_id: 8, epoch: 34, head_sequence: 0, recovered: false },
    ],
  }],
  ['ok', '', 13, {}],
  ['sent', '', 3, { chat_id: 7, sequence: 6, created_at_ms: t }],
  ['history', '', 4, { chat_id: 7, epoch: 33, head_sequence: 0, events: [], covers_from: 1, covers_to: 0, has_more: false }],
  ['history', 'full', 4, {
    chat_id: 7, epoch: 33, head_sequence: 9, events: [added, message, reply, removed], covers_from: 2, covers_to: 8, has_more: true,
  }],
  ['history', 'changes', 4, {
    chat_id: 7, epoch: 33, head_sequence: 11, events: [changed, gone, { ...edited, text: null }, deleted, reaction], covers_from: 6, covers_to: 11,
    has_more: false,
  }],
  ['chats', '', 5, { chats: [] }],
  ['chats', 'full', 5, { chats: [directFull, group, direct], next_cursor: '1795262400123456.7' }],
  ['chat', '', 6, { chat: direct }],
  ['chat', 'direct', 6, { chat: directFull }],
  ['chat', 'group', 6, { chat: group }],
  ['chat', 'own', 6, { chat: { ...directFull, own: { archived: true, pinned: false, marked_unread: false, muted_until_ms: t } } }],
  ['chat', 'draft', 6, {
    chat: {
      ...group,
      own: {
        archived: false, pinned: true, marked_unread: true, muted_until_ms: 253_402_300_799_000, theme: 'night-sea', cleared_up_to: 40,
        draft: { version: 17, text: 'Dear 👋🏽', reply_to: 6 },
      },
    },
  }],
  ['chat', 'details', 6, {
    chat: { ...group, details: { send_role: 2, edit_role: 1, add_role: 2, description: 'Ships and cranes', avatar: 'media/9', theme: 'sand' } },
  }],
  ['chat', 'channel', 6, {
    chat: {
      ...group, kind: 3, role: 1, others_delivered_up_to: 0, others_read_up_to: 0, member_count: 20_000,
      own: { archived: false, pinned: false, marked_unread: false },
      details: { send_role: 2, edit_role: 2, add_role: 2, handle: 'harbour_news' },
    },
  }],
  ['chat', 'mentions', 6, { chat: { ...group, mentions: { count: 3, first: 5 } } }],
  ['members', '', 7, { chat_id: 7, members: [], has_more: false }],
  ['members', 'full', 7, {
    chat_id: 7, has_more: true,
    members: [
      { principal_id: 12, name: 'Anna', role: 2, delivered_up_to: 6, read_up_to: 6, joined_at_sequence: 1 },
      { principal_id: 13, name: 'Bert 🚢', role: 1, delivered_up_to: 5, read_up_to: 0, joined_at_sequence: 2 },
    ],
  }],
  ['principals', '', 8, { principals: [] }],
  ['principals', 'profile', 8, {
    principals: [
      { principal_id: 12, kind: 1, name: 'Anna', about: 'Counting 😀', avatar: 'media/7' },
      { principal_id: 13, kind: 1, name: 'Bert', about: 'At sea' },
      { principal_id: 14, kind: 1, name: 'Cora', avatar: 'media/8' },
    ],
  }],
  ['principals', 'full', 8, { principals: range(4, (i) => ({ principal_id: 12 + i, kind: i + 1, name: `P${i}` })) }],
  ['presences', '', 13, { presences: [] }],
  ['presences', 'full', 13, {
    presences: [
      { principal_id: 12, online: true }, { principal_id: 13, online: false, last_seen_ms: t }, { principal_id: 14, online: false },
    ],
  }],
  ['error', '', 3, { code: 200, message: 'There is no chat 7 for you.', retryable: false }],
  ['error', 'retry_after', 3, { code: 400, message: '', retryable: true, retry_after_ms: 1_500 }],
  ['error', 'unknown_code', 3, { code: 499, message: 'From a newer server.', retryable: true }],
  ['event', '', 0, { chat_id: 7, sequence: 1, kind: 2, sender_id: 12, created_at_ms: t }],
  ['event', 'message', 0, message],
  ['event', 'reply', 0, reply],
  ['event', 'group_created', 0, { chat_id: 7, sequence: 1, kind: 2, sender_id: 12, created_at_ms: t, text: 'Harbour' }],
  ['event', 'member_added', 0, added],
  ['event', 'member_removed', 0, removed],
  ['event', 'edited', 0, edited],
  ['event', 'deleted', 0, deleted],
  ['event', 'reaction', 0, reaction],
  ['event', 'reaction_taken_back', 0, { ...reaction, text: '' }],
  ['event', 'pinned', 0, { ...deleted, kind: 13 }],
  ['event', 'starred', 0, { chat_id: 5, sequence: 3, kind: 33, sender_id: 12, created_at_ms: t, reply_to: 6, subject_id: 7 }],
  ['event', 'chat_info_changed', 0, { chat_id: 7, sequence: 12, kind: 15, sender_id: 12, created_at_ms: t, text: 'description theme' }],
  ['event', 'reader_removed', 0, { chat_id: 7, sequence: 13, kind: 16, sender_id: 12, created_at_ms: t }],
  ['event', 'draft_changed', 0, { chat_id: 5, sequence: 4, kind: 37, sender_id: 12, created_at_ms: t, subject_id: 7 }],
  ['event', 'history_cleared', 0, { chat_id: 5, sequence: 5, kind: 38, sender_id: 12, created_at_ms: t, reply_to: 300, subject_id: 7 }],
  ['event', 'statuses_changed', 0, { chat_id: 5, sequence: 6, kind: 39, sender_id: 12, created_at_ms: t, subject_id: 12 }],
  ['event', 'statuses_hint', 0, { chat_id: 5, sequence: 0, kind: 39, sender_id: 13, created_at_ms: t, subject_id: 13 }],
  ['event', 'status_viewed', 0, { chat_id: 5, sequence: 0, kind: 40, sender_id: 13, created_at_ms: t, reply_to: 77, subject_id: 12 }],
  ['event', 'call_ringing', 0, { chat_id: 5, sequence: 6, kind: 41, sender_id: 13, created_at_ms: t, text: 'video', subject_id: 70 }],
  ['event', 'call_changed', 0, { chat_id: 5, sequence: 7, kind: 42, sender_id: 12, created_at_ms: t, text: 'answered', subject_id: 70 }],
  ['event', 'call_ended', 0, { chat_id: 5, sequence: 8, kind: 43, sender_id: 13, created_at_ms: t, text: 'missed', subject_id: 70 }],
  ['event', 'call', 0, { chat_id: 7, sequence: 14, kind: 44, sender_id: 13, created_at_ms: t, text: 'video ended 75', subject_id: 70 }],
  ['event', 'scheduled_changed', 0, { chat_id: 5, sequence: 9, kind: 45, sender_id: 12, created_at_ms: t, reply_to: 81, subject_id: 7 }],
  ['event', 'chat_deleted', 0, { chat_id: 7, sequence: 15, kind: 46, sender_id: 12, created_at_ms: t }],
  ['event', 'removed_from_deleted', 0, { chat_id: 5, sequence: 10, kind: 9, sender_id: 12, created_at_ms: t, text: 'deleted', subject_id: 7 }],
  ['event', 'notices_read', 0, { chat_id: 5, sequence: 11, kind: 47, sender_id: 12, created_at_ms: t, reply_to: t - 1_000 }],
  ['event', 'signed_in', 0, { chat_id: 5, sequence: 12, kind: 48, sender_id: 12, created_at_ms: t, text: 'laptop', subject_id: 31 }],
  ['event', 'passkey_added', 0, { chat_id: 5, sequence: 13, kind: 49, sender_id: 12, created_at_ms: t, text: 'key ring', subject_id: 4 }],
  ['event', 'changes', 0, changed],
  ['event', 'content', 0, { ...message, content: { ...photo, marks: [{ kind: 4, start: 0, length: 1 }] } }],
  ['event', 'link', 0, { ...message, text: 'https://example.org/a?b=ü', content: { ...page, marks: [{ kind: 1, start: 0, length: 1 }] } }],
  ['event', 'unknown_content', 0, { ...message, content: { kind: 200, marks: [{ kind: 99, start: 0, length: 5 }] } }],
  ['event', 'unknown_kind', 0, { ...message, kind: 255 }],
  ['event', 'full', 0, { ...reply, subject_id: max, role: 2, sequence: max, created_at_ms: max, previous: '', changes: { as_of: max } }],
  ['receipts', '', 0, { chat_id: 7, receipts: [] }],
  ['receipts', 'full', 0, { chat_id: 7, receipts: range(20, (i) => ({ principal_id: i, delivered_up_to: i * 50, read_up_to: i * 20 })) }],
  ['typing', '', 0, { chat_id: 7, principal_id: 13, active: true }],
  ['presence', '', 0, { principal_id: 13, online: true }],
  ['presence', 'offline', 0, { principal_id: 13, online: false, last_seen_ms: t }],
  ['gap', '', 0, { chat_id: 7, head_sequence: 4_711 }],
  ['token_expiring', '', 0, { expires_at_ms: t }],
  ['call_signal', '', 0, { call_id: 70, from: 13, endpoint_id: uuid, sequence: 1, kind: 2, body: 'v=0\r\n' }],
  ['call_signal', 'unknown_kind', 0, { call_id: 70, from: 13, endpoint_id: uuid, sequence: 2, kind: 255, body: 'later' }],
  ['goodbye', '', 0, { code: 4000, reason: 'the server goes down', reconnect_after_ms: 2_500 }],
  ['goodbye', 'unknown_code', 0, { code: 4_399, reason: '', reconnect_after_ms: 0 }],
];
