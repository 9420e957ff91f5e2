import { throwMalformed } from '../codec/malformed.js';
import { writeMessagePack } from '../codec/writer.js';
import { cutFrames, type FrameHeader } from '../frames/frame.js';

/** One frame of a message. */
export interface CutFrame {
  readonly header: FrameHeader;
  /** All of it, length prefix included. Valid as long as the message's bytes are. */
  readonly whole: Uint8Array;
}

const prefixBytes = 4;

/** The frames of a message, with their bytes. Throws `MalformedFrameError`. */
export function* framesOf(message: Uint8Array, maxBodyBytes: number): Generator<CutFrame> {
  let at = 0;
  for (const header of cutFrames(message, maxBodyBytes)) {
    const end = at + prefixBytes + header.bodyBytes;
    yield { header, whole: message.subarray(at, end) };
    at = end;
  }
}

/** The frame under another request id; its fields are the same bytes. */
export function renumbered({ whole }: CutFrame, requestId: number): Uint8Array {
  const arrayHead = whole[prefixBytes] as number;
  const typeAt = prefixBytes + (arrayHead < 0xa0 ? 1 : arrayHead === 0xdc ? 3 : 5);
  const idAt = typeAt + integerBytes(whole[typeAt]);
  const fields = whole.subarray(idAt + integerBytes(whole[idAt]));
  const id = writeMessagePack(requestId);
  const bytes = new Uint8Array(idAt + id.length + fields.length);
  bytes.set(whole.subarray(0, idAt));
  bytes.set(id, idAt);
  bytes.set(fields, idAt + id.length);
  new DataView(bytes.buffer).setUint32(0, bytes.length - prefixBytes, true);
  return bytes;
}

/** How long a non-negative integer is, by its head (protocol-spec.md §3.5). */
function integerBytes(head = 0xc1): number {
  if (head < 0x80) return 1;
  return head >= 0xcc && head <= 0xd3 ? 1 + (1 << (head & 3)) : throwMalformed('no integer');
}
