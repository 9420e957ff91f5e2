// [case, close, level, state, about, bytes] for wrong/. The columns are explained in README.md.

import { array, float64, frame, int64, int8, join, nested, nil, rawStr, u8, uint64 } from './bytes.mjs';

const uuid = join(u8(0xc4, 16), Buffer.alloc(16, 0x11));
const text = join(u8(0xa5), Buffer.from('hello'));
const send = (...fields) => array(u8(4), u8(3), ...fields);
const hello = (...fields) => array(u8(1), u8(1), ...fields);
const token = join(u8(0xa1), Buffer.from('t'));

const framing = [
  ['declared_length_one_too_many', 4503, 'framing', 'online', 'declares 65,537 bytes, §3.4', u8(1, 0, 1, 0)],
  ['declared_length_largest', 4503, 'framing', 'online', 'declares 2^32-1 bytes', u8(0xff, 0xff, 0xff, 0xff)],
  ['prefix_cut_short', 4500, 'message', 'online', 'the message ends inside the length prefix', u8(2, 0, 0)],
  ['body_cut_short', 4500, 'message', 'online', 'the message ends inside the body, §2.3', u8(3, 0, 0, 0, 0x92, 3)],
  ['second_frame_cut_short', 4500, 'message', 'online', 'a whole ping, then the beginning of another',
    join(frame(array(u8(3), u8(1))), u8(3, 0, 0, 0, 0x92))],
];

const header = [
  ['empty_body', 4500, 'no array', Buffer.alloc(0)],
  ['integer_body', 4500, 'no array', u8(3)],
  ['nil_body', 4500, 'no array', nil],
  ['map_body', 4500, 'a map in the place of the array', u8(0x81, 3, 1)],
  ['no_elements', 4500, 'an array of no elements', u8(0x90)],
  ['one_element', 4500, 'an array of one element', u8(0x91, 3)],
  ['array_header_cut_short', 4500, 'dd and two bytes', u8(0xdd, 0, 0)],
  ['array_count_over_bytes_left', 4500, 'dd ffffffff: 4,294,967,295 elements declared', u8(0xdd, 0xff, 0xff, 0xff, 0xff, 3, 1)],
  ['array_count_million', 4500, 'a million elements declared, three bytes left', u8(0xdd, 0, 0x0f, 0x42, 0x40, 3, 1, 0xc0)],
  ['map_count_over_bytes_left', 4500, 'df ffffffff', u8(0xdf, 0xff, 0xff, 0xff, 0xff, 3, 1)],
  ['bin_length_over_bytes_left', 4500, 'c6 ffffffff', u8(0xc6, 0xff, 0xff, 0xff, 0xff, 3, 1)],
  ['type_text', 4500, 'the type is a str', array(text, u8(1))],
  ['type_nil', 4500, 'the type is nil', array(nil, u8(1))],
  ['type_float', 4500, 'the type is a float', array(float64(3), u8(1))],
  ['type_cut_short', 4500, 'the type is a uint64 of which bytes are missing', u8(0x92, 0xcf, 0xff, 0xff)],
  ['type_zero', 4501, 'the type is 0', array(u8(0), u8(1))],
  ['type_unknown', 4501, 'a type that is not in §5', array(u8(99), u8(1))],
  ['type_of_later_request', 4501, 'the first number behind the requests', array(u8(20), u8(1))],
  ['type_over_127', 4501, 'the type is 128', array(u8(0xcc, 128), u8(1))],
  ['type_as_256_plus_3', 4501, 'a type that would be ping if cut to a byte', array(u8(0xcd, 1, 3), u8(1))],
  ['type_negative', 4501, 'the type is -1', array(u8(0xff), u8(1))],
  ['type_largest', 4501, 'the type is 2^64-1', array(uint64(18_446_744_073_709_551_615n), u8(1))],
  ['type_of_reply', 4501, 'welcome from a client, §12.6', array(u8(40), u8(1))],
  ['type_of_push', 4501, 'event from a client', array(u8(80), u8(1))],
  ['type_unknown_before_request_id', 4501, 'an unknown type and the request_id 0: the type is judged first', array(u8(99), u8(0))],
  ['request_id_zero', 4505, 'the request_id is 0', array(u8(3), u8(0))],
  ['request_id_negative', 4505, 'the request_id is -1', array(u8(3), u8(0xff))],
  ['request_id_one_too_many', 4505, 'the request_id is 2^32', array(u8(3), uint64(4_294_967_296n))],
  ['request_id_largest', 4505, 'the request_id is 2^64-1', array(u8(3), uint64(18_446_744_073_709_551_615n))],
  ['request_id_zero_before_fields', 4505, 'the request_id is 0 and fields are missing: the request_id is judged first', array(u8(4), u8(0))],
  ['request_id_nil', 4500, 'the request_id is nil', array(u8(3), nil)],
  ['request_id_bool', 4500, 'the request_id is a bool', array(u8(3), u8(0xc3))],
  ['request_id_missing', 4500, 'two elements declared, one there', u8(0x92, 3)],
].map(([name, close, about, body]) => [name, close, 'header', 'online', about, frame(body)]);

const trailing = (name, about, value) => [`trailing_${name}`, about, array(u8(3), u8(1), value)];

const fields = [
  ['leftover_bytes', 'a byte behind the array, §12.5', u8(0x92, 3, 1, 0xc0)],
  ['leftover_frame', 'a second body inside the declared length', u8(0x92, 3, 1, 0x92, 3, 2)],
  ['too_few_fields', 'send_message without its text', send(u8(7), uuid)],
  ['no_fields', 'send_message without fields', send()],
  ['field_missing_in_bytes', 'the array declares more than there is', join(u8(0x95, 4, 3, 7), uuid)],
  ['id_negative', 'a chat_id of -1', send(u8(0xff), uuid, text)],
  ['id_int8_negative', 'a chat_id of -128', send(int8(-128), uuid, text)],
  ['id_one_too_many', 'a chat_id of 2^53', send(uint64(9_007_199_254_740_992n), uuid, text)],
  ['id_largest', 'a chat_id of 2^64-1', send(uint64(18_446_744_073_709_551_615n), uuid, text)],
  ['id_smallest', 'a chat_id of -2^63', send(int64(-9_223_372_036_854_775_808n), uuid, text)],
  ['id_float', 'a chat_id that is the float 7', send(float64(7), uuid, text)],
  ['id_nan', 'a chat_id that is not a number', send(float64(Number.NaN), uuid, text)],
  ['id_nil', 'a chat_id of nil', send(nil, uuid, text)],
  ['id_text', 'a chat_id that is a str', send(text, uuid, text)],
  ['id_bool', 'a chat_id that is a bool', send(u8(0xc3), uuid, text)],
  ['uuid_short', 'a client_message_id of 15 bytes', send(u8(7), join(u8(0xc4, 15), Buffer.alloc(15)), text)],
  ['uuid_long', 'a client_message_id of 17 bytes', send(u8(7), join(u8(0xc4, 17), Buffer.alloc(17)), text)],
  ['uuid_text', 'a client_message_id that is a str', send(u8(7), join(u8(0xb0), Buffer.alloc(16, 0x61)), text)],
  ['uuid_nil', 'a client_message_id of nil', send(u8(7), nil, text)],
  ['text_bin', 'a text that is a bin', send(u8(7), uuid, u8(0xc4, 1, 0x61))],
  ['text_nil', 'a text of nil', send(u8(7), uuid, nil)],
  ['text_integer', 'a text that is an integer', send(u8(7), uuid, u8(7))],
  ['text_surrogate', 'UTF-8 of U+D800', send(u8(7), uuid, rawStr(0xed, 0xa0, 0x80))],
  ['text_surrogate_pair', 'UTF-8 of the two halves of a surrogate pair',
    send(u8(7), uuid, rawStr(0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80))],
  ['text_overlong_nul', 'U+0000 as c0 80', send(u8(7), uuid, rawStr(0xc0, 0x80))],
  ['text_overlong_slash', 'U+002F as e0 80 af', send(u8(7), uuid, rawStr(0xe0, 0x80, 0xaf))],
  ['text_beyond_unicode', 'U+110000', send(u8(7), uuid, rawStr(0xf4, 0x90, 0x80, 0x80))],
  ['text_cut_character', 'ends inside a character', send(u8(7), uuid, rawStr(0x61, 0xe2, 0x82))],
  ['text_lone_continuation', 'a continuation byte alone', send(u8(7), uuid, rawStr(0x80))],
  ['text_ff', 'the byte ff', send(u8(7), uuid, rawStr(0xff))],
  ['text_length_over_bytes_left', 'db ffffffff', send(u8(7), uuid, u8(0xdb, 0xff, 0xff, 0xff, 0xff, 0x61))],
  ['reply_to_text', 'an optional field of the wrong type', send(u8(7), uuid, text, text)],
  ['reply_to_negative', 'an optional field out of range', send(u8(7), uuid, text, u8(0xff))],
  ['reply_to_bool', 'false in the place of nil', send(u8(7), uuid, text, u8(0xc2))],
  ['limit_negative', 'a limit of -1', array(u8(5), u8(1), u8(7), nil, nil, u8(0xff))],
  ['active_integer', 'a bool that is the integer 1', array(u8(13), u8(1), u8(7), u8(1))],
  ['active_nil', 'a bool that is nil', array(u8(13), u8(1), u8(7), nil)],
  ['ids_not_an_array', 'principal_ids that is an id', array(u8(14), u8(1), u8(7))],
  ['ids_nil', 'principal_ids that is nil', array(u8(14), u8(1), nil)],
  ['ids_with_text', 'principal_ids with a str in it', array(u8(14), u8(1), array(u8(7), text))],
  ['ids_count_over_bytes_left', 'principal_ids that declares a million', array(u8(14), u8(1), u8(0xdd, 0, 0x0f, 0x42, 0x40, 1, 2))],
  ['never_used_byte', 'c1 in the place of a chat_id', array(u8(7), u8(1), u8(0xc1))],
  trailing('ext', 'fixext1', u8(0xd4, 1, 0)),
  trailing('ext_timestamp', 'the timestamp extension', u8(0xd6, 0xff, 0, 0, 0, 0)),
  trailing('ext8', 'ext8', u8(0xc7, 1, 1, 0)),
  trailing('ext32', 'ext32 ffffffff', u8(0xc9, 0xff, 0xff, 0xff, 0xff, 1)),
  trailing('ext_in_array', 'ext inside an array', array(u8(0xd4, 1, 0))),
  trailing('never_used_byte', 'c1', u8(0xc1)),
  trailing('too_deep', '17 levels with the body', nested(16)),
  trailing('too_deep_in_maps', '17 levels with the body', join(...Array.from({ length: 16 }, () => u8(0x81, 1)), nil)),
  trailing('array_count_over_bytes_left', 'dd ffffffff', u8(0xdd, 0xff, 0xff, 0xff, 0xff)),
  trailing('map_count_over_bytes_left', 'df ffffffff', u8(0xdf, 0xff, 0xff, 0xff, 0xff)),
  trailing('map_count_over_half', 'a map of two pairs with three bytes left', u8(0xde, 0, 2, 1, 1, 1)),
  trailing('bin_length_over_bytes_left', 'c6 ffffffff', u8(0xc6, 0xff, 0xff, 0xff, 0xff)),
  trailing('invalid_utf8', 'a str that is not UTF-8', rawStr(0xff)),
  trailing('cut_short', 'a float64 of which bytes are missing', u8(0xcb, 0, 0)),
].map(([name, about, body]) => [name, 4500, 'fields', 'online', about, frame(body)]);

const greeting = [
  ['position_not_an_array', 4500, 'fields', 'a position that is an integer', hello(u8(1), token, token, array(u8(7)))],
  ['position_too_short', 4500, 'fields', 'a position of two elements', hello(u8(1), token, token, array(array(u8(7), u8(33))))],
  ['position_out_of_range', 4500, 'fields', 'a sequence of -1', hello(u8(1), token, token, array(array(u8(7), u8(33), u8(0xff))))],
  ['positions_count_over_bytes_left', 4500, 'fields', 'positions that declare 4,294,967,295',
    hello(u8(1), token, token, u8(0xdd, 0xff, 0xff, 0xff, 0xff))],
  ['version_zero', 4504, 'state', 'protocol_version 0', hello(u8(0), token, token)],
  ['version_two', 4504, 'state', 'protocol_version 2', hello(u8(2), token, token)],
  ['request_before_hello', 4502, 'state', 'ping first, §12.3', array(u8(3), u8(1))],
].map(([name, close, level, about, body]) => [name, close, level, 'greeting', about, frame(body)]);

const state = [
  ['second_hello', 4502, 'state', 'online', 'hello after the welcome, §4.3', frame(hello(u8(1), token, token))],
];

const bombs = [
  ['depth_bomb', 4500, 'header', 'online', '65,536 times 91', frame(Buffer.alloc(65_536, 0x91))],
  ['trailing_depth_bomb', 4500, 'fields', 'online', '65,533 times 91 behind a ping',
    frame(join(u8(0x93, 3, 1), Buffer.alloc(65_533, 0x91)))],
  ['positions_of_empty_arrays', 4500, 'fields', 'greeting', 'many positions without elements',
    frame(hello(u8(1), token, token, join(u8(0xdd, 0, 0, 0xfd, 0xe8), Buffer.alloc(65_000, 0x90))))],
];

export default [...framing, ...header, ...fields, ...greeting, ...state, ...bombs];
