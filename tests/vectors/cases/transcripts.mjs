// The conversations of protocol-spec.md §12: [name, about, steps].
// A step is [from, frame, request_id, fields], or [from, { hex }], { close } or { lost: true }: the connection is lost without a close.

const uuid = '6f1d2c3b4a59483786e5d4c3b2a19080';
const first = '0f1e2d3c4b5a49788796a5b4c3d2e1f0';
const t = 1_795_262_400_123;
const limits = { max_frame_bytes: 65_536, max_text_bytes: 16_384, max_history_limit: 200, max_positions: 2_000, max_watched: 200 };
const welcome = {
  protocol_version: 1, session_id: 901, principal_id: 12, name: 'Anna', inbox_chat_id: 5, server_time_ms: t,
  token_expires_at_ms: t + 900_000, ping_interval_ms: 25_000, limits, resumed: [], server_name: 'chat-server/0.1.0',
};
const hello = { protocol_version: 1, token: 'eyJhbGciOiJIUzI1NiJ9.e30.c2ln', client_name: 'ts-sdk/0.1.0' };
const message = { chat_id: 7, client_message_id: uuid, text: 'hello' };
const pushed = { chat_id: 7, sequence: 6, kind: 1, sender_id: 12, created_at_ms: t, client_message_id: uuid, text: 'hello' };
const sent = { chat_id: 7, sequence: 6, created_at_ms: t };

export default [
  ['hello_and_send', 'Right: hello, one message, its push (§12.1)', [
    ['client', 'hello', 1, { ...hello, positions: [{ chat_id: 7, epoch: 33, sequence: 4 }] }],
    ['server', 'welcome', 1, { ...welcome, resumed: [{ chat_id: 7, epoch: 33, head_sequence: 5, recovered: true }] }],
    ['client', 'get_history', 2, { chat_id: 7, after: 4 }],
    ['server', 'history', 2, {
      chat_id: 7, epoch: 33, head_sequence: 5, covers_from: 5, covers_to: 5, has_more: false,
      events: [{ chat_id: 7, sequence: 5, kind: 1, sender_id: 13, created_at_ms: t - 5_000, client_message_id: first, text: 'hi' }],
    }],
    ['client', 'send_message', 3, message],
    ['server', 'event', 0, pushed],
    ['server', 'sent', 3, sent],
  ]],
  ['retry_same_id', 'Right: a retry after a lost connection gets the first sequence and no second event (§12.2)', [
    ['client', 'hello', 1, hello],
    ['server', 'welcome', 1, welcome],
    ['client', 'send_message', 2, message],
    ['server', { lost: true }],
    ['client', 'hello', 1, { ...hello, positions: [{ chat_id: 7, epoch: 33, sequence: 5 }] }],
    ['server', 'welcome', 1, {
      ...welcome, session_id: 902, resumed: [{ chat_id: 7, epoch: 33, head_sequence: 6, recovered: true }],
    }],
    ['client', 'send_message', 2, message],
    ['server', 'sent', 2, sent],
    ['client', 'get_history', 3, { chat_id: 7, after: 5 }],
    ['server', 'history', 3, {
      chat_id: 7, epoch: 33, head_sequence: 6, events: [pushed], covers_from: 6, covers_to: 6, has_more: false,
    }],
  ]],
  ['wrong_request_before_hello', 'Wrong: a request before hello (§12.3)', [
    ['client', 'ping', 1, {}],
    ['server', { close: 4502 }],
  ]],
  ['wrong_declared_length', 'Wrong: a body larger than allowed, closed at once (§12.4)', [
    ['client', { hex: '01000100' }],
    ['server', { close: 4503 }],
  ]],
  ['wrong_leftover_bytes', 'Wrong: leftover bytes (§12.5)', [
    ['client', { hex: '04000000920301c0' }],
    ['server', { close: 4500 }],
  ]],
  ['wrong_direction', "Wrong: a server's type from a client (§12.6)", [
    ['client', { hex: '03000000922801' }],
    ['server', { close: 4501 }],
  ]],
];
