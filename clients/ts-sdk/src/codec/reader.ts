import { throwMalformed } from './malformed.js';
import type { Value } from './value.js';

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const maxDepth = 16;

/**
 * Reads the one value of MessagePack that `bytes` are, all of them; arrays of bytes in it are valid as long as these. Floats and maps, which no
 * field of this version has, are passed over, and are NaN. Every declared length is judged against the bytes left before anything is made of it.
 * Throws `MalformedFrameError`.
 */
export function readMessagePack(bytes: Uint8Array): Value {
  let at = 0;
  const value = read(0);
  return at === bytes.length ? value : throwMalformed('too long');

  function read(depth: number): Value {
    const head = readUnsigned(1);
    if (head < 0x80) return head;
    if (head < 0x90) return passMap(head & 0x0f, depth);
    if (head < 0xa0) return readArray(head & 0x0f, depth);
    if (head < 0xc0) return readText(head & 0x1f);
    if (head >= 0xe0) return -1;
    if (head >= 0xde) return passMap(readLength(head, 0xdd), depth);
    if (head >= 0xdc) return readArray(readLength(head, 0xdb), depth);
    if (head >= 0xd9) return readText(readLength(head, 0xd9));
    if (head >= 0xd4) return throwMalformed('ext');
    if (head >= 0xd0) return readSigned(1 << (head - 0xd0));
    if (head >= 0xcc) return readLength(head, 0xcc);
    if (head >= 0xca) return take(4 << (head - 0xca)) && Number.NaN;
    if (head >= 0xc7) return throwMalformed('ext');
    if (head >= 0xc4) return take(readLength(head, 0xc4));
    if (head >= 0xc2) return head === 0xc3;
    return head === 0xc0 ? null : throwMalformed('0xc1');
  }

  function readArray(count: number, depth: number): Value {
    if (count > bytes.length - at) throwMalformed('cut short');
    if (depth === maxDepth) throwMalformed('too deep');
    return Array.from({ length: count }, () => read(depth + 1));
  }

  function passMap(count: number, depth: number): Value {
    readArray(count * 2, depth);
    return Number.NaN;
  }

  function readText(length: number): string {
    try {
      return decoder.decode(take(length));
    } catch {
      return throwMalformed('not UTF-8, or cut short');
    }
  }

  /** The number behind one of the heads of 1, 2, 4 and 8 bytes, the first of which is `head8`. */
  function readLength(head: number, head8: number): number {
    return readUnsigned(1 << (head - head8));
  }

  /** −1 stands for every negative one: there are none in this protocol. */
  function readSigned(width: number): number {
    const value = readUnsigned(width);
    return value < 2 ** (8 * width - 1) ? value : -1;
  }

  /** Big-endian; beyond 2^53 not to the last digit, as no field is. */
  function readUnsigned(width: number): number {
    let value = 0;
    for (const byte of take(width)) value = value * 0x100 + byte;
    return value;
  }

  function take(length: number): Uint8Array {
    if (length > bytes.length - at) throwMalformed('cut short');
    at += length;
    return bytes.subarray(at - length, at);
  }
}
