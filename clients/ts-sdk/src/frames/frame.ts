import { type Fields, readFields, type StructOf, writeFields, writtenCount } from '../codec/fields.js';
import { throwMalformed } from '../codec/malformed.js';
import { MessagePackReader } from '../codec/reader.js';
import { MessagePackWriter } from '../codec/writer.js';
import type { FrameType } from '../codes.js';

/** One frame of protocol-spec.md §6: its number and its fields in their order. */
export interface Frame<S extends Fields> {
  readonly type: number;
  readonly fields: S;
}

export type AnyFrame = Frame<Fields>;
export type FrameValue<F> = F extends Frame<infer S> ? StructOf<S> : never;

/** `type` is the number of §5; a test compares it with `frameTypes`. */
export function frame<S extends Fields>(type: FrameType, fields: S): Frame<S> {
  return { type, fields };
}

const writer = new MessagePackWriter(); // used within one call only
const headerElements = 2;

/** The whole frame, length prefix included (§3). */
export function encodeFrame<S extends Fields>(kind: Frame<S>, requestId: number, value: StructOf<S>): Uint8Array<ArrayBuffer> {
  const entries = Object.entries(kind.fields);
  const count = writtenCount(entries, value);
  writer.reset();
  const prefix = writer.reserveUint32();
  writer.writeArrayHeader(headerElements + count);
  writer.writeInteger(kind.type);
  writer.writeInteger(requestId);
  writeFields(writer, entries, value, count);
  writer.patchUint32(prefix, writer.length - 4);
  return writer.take();
}

/** A frame whose header was read; its fields are read on demand, once. */
export interface FrameHeader {
  readonly type: number;
  readonly requestId: number;
  readonly bodyBytes: number;
  readonly fieldCount: number;
  readonly reader: MessagePackReader;
}

const prefixBytes = 4;

/** Cuts a WebSocket message into its frames (§2.3): whole ones only, each at most `maxBodyBytes`. */
export function* cutFrames(message: Uint8Array, maxBodyBytes: number): Generator<FrameHeader> {
  const view = new DataView(message.buffer, message.byteOffset, message.byteLength);
  let at = 0;
  while (at < message.length) {
    if (message.length - at < prefixBytes) throwMalformed('cut short');
    const bodyBytes = view.getUint32(at, true);
    if (bodyBytes > maxBodyBytes) throwMalformed('a frame is too large');
    at += prefixBytes;
    if (message.length - at < bodyBytes) throwMalformed('cut short');
    yield readHeader(message.subarray(at, at + bodyBytes));
    at += bodyBytes;
  }
}

function readHeader(body: Uint8Array): FrameHeader {
  const reader = new MessagePackReader(body);
  const elements = reader.enterArray();
  if (elements < headerElements) throwMalformed('no type or request id');
  const type = reader.readInteger();
  const requestId = reader.readInteger();
  if (requestId > 0xffff_ffff) throwMalformed('request id out of range');
  return { type, requestId, bodyBytes: body.length, fieldCount: elements - headerElements, reader };
}

/** Reads the fields and makes sure that the body ends with them (§3.3). */
export function readFrame<S extends Fields>(kind: Frame<S>, header: FrameHeader): StructOf<S> {
  const value = readFields(header.reader, Object.entries(kind.fields), header.fieldCount) as StructOf<S>;
  if (header.reader.remaining > 0) throwMalformed('bytes behind the array');
  return value;
}
