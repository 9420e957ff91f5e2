// [frame, case, request_id, fields, body] for the files of frames/ that a receiver must accept and our encoders do not write.

import {
  array, array16, array32, bin16, bin32, float32, float64, int16, int32, int64, int8, join, nested, nil, str16, str32, str8, u8,
  uint16, uint32, uint64, uint8,
} from './bytes.mjs';

const hex = '00112233445566778899aabbccddeeff';
const uuid = Buffer.from(hex, 'hex');
const bin = (b) => join(u8(0xc4, b.length), b);
const str = (s) => join(u8(0xa0 | s.length), Buffer.from(s));
const sent = { chat_id: 7, client_message_id: hex, text: 'hello' };
const head = [u8(4), u8(3), u8(7), bin(uuid), str('hello')];

// What a later version might append: every kind of value but ext, to the depth that is allowed (the body is the first level).
const later = [
  float32(1.5), float64(Number.NaN), u8(0x81, 0xa1, 0x6b, 0x93, 1, 2, 3), u8(0xde, 0, 1, 0xc2, 0xc3),
  u8(0xdf, 0, 0, 0, 1, 0xc2, 0xc3), nested(15), bin(uuid), str8('text'), uint64(18_446_744_073_709_551_615n), int64(-9_223_372_036_854_775_808n), u8(0xff), u8(0xc2), nil,
];

export default [
  ['hello', 'nil_positions', 1, { protocol_version: 1, token: 't', client_name: 'c' },
    array(u8(1), u8(1), u8(1), str('t'), str('c'), nil)],
  ['hello', 'empty_positions', 1, { protocol_version: 1, token: 't', client_name: 'c' },
    array(u8(1), u8(1), u8(1), str('t'), str('c'), u8(0x90))],
  ['hello', 'longer_position', 1,
    { protocol_version: 1, token: 't', client_name: 'c', positions: [{ chat_id: 7, epoch: 33, sequence: 4 }] },
    array(u8(1), u8(1), u8(1), str('t'), str('c'), array(array(u8(7), u8(33), u8(4), str('new'), nested(13)))),
  ],
  ['ping', 'later_fields', 1, {}, array(u8(3), u8(1), ...later)],
  ['send_message', 'nil_reply', 3, sent, array(...head, nil)],
  ['send_message', 'later_fields', 3, sent, array(...head, nil, nil, ...later.slice(0, 8))],
  ['send_message', 'unsigned_forms', 3, { ...sent, reply_to: 6 },
    array16(uint8(4), uint16(3), uint32(7), bin16(uuid), str8('hello'), uint64(6))],
  ['send_message', 'signed_forms', 3, { ...sent, reply_to: 6 },
    array32(int8(4), int16(3), int32(7), bin32(uuid), str16('hello'), int64(6))],
  ['send_message', 'longest_lengths', 3, sent, array32(uint64(4), uint64(3), int64(7), bin32(uuid), str32('hello'))],
  ['get_history', 'nils', 4, { chat_id: 7 }, array(u8(5), u8(4), u8(7), nil, nil, nil)],
  ['event', 'nils', 0, { chat_id: 7, sequence: 1, kind: 2, sender_id: 12, created_at_ms: 5 },
    array(u8(80), u8(0), u8(7), u8(1), u8(2), u8(12), u8(5), nil, nil, nil, nil, nil)],
  ['event', 'later_fields', 0, { chat_id: 7, sequence: 1, kind: 2, sender_id: 12, created_at_ms: 5 },
    array16(u8(80), u8(0), u8(7), u8(1), u8(2), u8(12), u8(5), nil, nil, nil, nil, nil, nil, nil, nil, ...later)],
  ['react', 'nil', 14, { chat_id: 7, client_message_id: hex, sequence: 6 }, array(u8(17), u8(14), u8(7), bin(uuid), u8(6), nil)],
  ['event', 'longer_changes', 0,
    { chat_id: 7, sequence: 6, kind: 1, sender_id: 12, created_at_ms: 5, text: 'hi', changes: { as_of: 9, reactions: [{ emoji: '+', count: 2 }] } },
    array(u8(80), u8(0), u8(7), u8(6), u8(1), u8(12), u8(5), nil, nil, str('hi'), nil, nil, nil,
      array(u8(9), nil, nil, nil, nil, nil, array(array(str('+'), u8(2), nested(12))), str('later')))],
  ['presences', 'later_elements', 13, { presences: [{ principal_id: 12, online: true }] },
    array(u8(48), u8(13), array32(array(u8(12), u8(0xc3), nil, str('away'), nested(13))))],
  ['error', 'nil_retry', 3, { code: 200, message: '', retryable: false }, array(u8(49), u8(3), uint8(200), str(''), u8(0xc2), nil)],
];
