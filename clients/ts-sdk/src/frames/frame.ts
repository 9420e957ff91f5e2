import { elements, type Field, type Fields, int, type StructOf, struct } from '../codec/fields.js';
import { throwMalformed } from '../codec/malformed.js';
import { readMessagePack } from '../codec/reader.js';
import type { Value } from '../codec/value.js';
import { writeMessagePack } from '../codec/writer.js';
import type { FrameType } from '../codes.js';

/** One frame of protocol-spec.md §6: its number and its fields in their order. */
export interface Frame<S extends Fields> {
  readonly type: number;
  readonly fields: S;
  readonly body: Field<StructOf<S>>;
}

export type AnyFrame = Frame<Fields>;
export type FrameValue<F> = F extends Frame<infer S> ? StructOf<S> : never;

/** `type` is the number of §5; a test compares it with `frameTypes`. */
export function frame<S extends Fields>(type: FrameType, fields: S): Frame<S> {
  return { type, fields, body: struct(fields) };
}

const prefixBytes = 4;

/** The whole frame, length prefix included (§3). */
export function encodeFrame<S extends Fields>(kind: Frame<S>, requestId: number, value: StructOf<S>): Uint8Array<ArrayBuffer> {
  const body = writeMessagePack([kind.type, requestId, ...elements(kind.body.pack(value))]);
  const bytes = new Uint8Array(prefixBytes + body.length);
  new DataView(bytes.buffer).setUint32(0, body.length, true);
  bytes.set(body, prefixBytes);
  return bytes;
}

/** A frame whose fields are not judged yet. */
export interface FrameHeader {
  readonly type: number;
  readonly requestId: number;
  readonly bodyBytes: number;
  readonly fields: readonly Value[];
}

/** Cuts a WebSocket message into its frames (§2.3): whole ones only, each at most `maxBodyBytes`. */
export function* cutFrames(message: Uint8Array, maxBodyBytes: number): Generator<FrameHeader> {
  const view = new DataView(message.buffer, message.byteOffset, message.byteLength);
  for (let at = 0; at < message.length; ) {
    if (message.length - at < prefixBytes) throwMalformed('cut short');
    const bodyBytes = view.getUint32(at, true);
    at += prefixBytes;
    if (bodyBytes > maxBodyBytes) throwMalformed('too long');
    if (message.length - at < bodyBytes) throwMalformed('cut short');
    const [type = null, requestId = null, ...fields] = elements(readMessagePack(message.subarray(at, at + bodyBytes)));
    at += bodyBytes;
    yield { type: int.unpack(type), requestId: int.unpack(requestId), bodyBytes, fields };
  }
}

export function readFrame<S extends Fields>(kind: Frame<S>, header: FrameHeader): StructOf<S> {
  return kind.body.unpack(header.fields);
}
