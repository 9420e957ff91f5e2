import type { Value } from './value.js';

const encoder = new TextEncoder();
const initialBytes = 256;

/**
 * Writes a value as MessagePack, each part of it in its shortest form (protocol-spec.md §3.5), behind `reserved` bytes for the caller. Integers
 * are 0 … 2^53−1. A lone surrogate becomes U+FFFD: text is always UTF-8.
 */
export function writeMessagePack(value: Value, reserved: number): Uint8Array<ArrayBuffer> {
  let bytes = new Uint8Array(initialBytes);
  let length = 0;
  claim(reserved);
  write(value);
  return bytes.subarray(0, length);

  function write(part: Value): void {
    if (part === null) writeHead(0xc0);
    else if (typeof part === 'boolean') writeHead(part ? 0xc3 : 0xc2);
    else if (typeof part === 'number') writeInteger(part);
    else if (typeof part === 'string') writeText(encoder.encode(part));
    else if (part instanceof Uint8Array) {
      writeSized(0xc4, part.length);
      append(part);
    } else {
      if (part.length < 0x10) writeHead(0x90 | part.length);
      else writeSized(0xdb, part.length, 2); // an array has no length of one byte
      for (const element of part) write(element);
    }
  }

  function writeInteger(integer: number): void {
    if (integer < 0x80) writeHead(integer);
    else writeSized(0xcc, integer);
  }

  function writeText(utf8: Uint8Array): void {
    if (utf8.length < 0x20) writeHead(0xa0 | utf8.length);
    else writeSized(0xd9, utf8.length);
    append(utf8);
  }

  /** A number in 1, 2, 4 or 8 bytes: the heads of these widths follow each other, `head8` first. */
  function writeSized(head8: number, size: number, narrowest = 1): void {
    let width = narrowest;
    while (size >= 2 ** (8 * width)) width *= 2;
    writeHead(head8 + Math.log2(width), size, width);
  }

  /** The number is big-endian; bit operations would end at 32 bits. */
  function writeHead(head: number, size = 0, width = 0): void {
    const at = claim(1 + width);
    bytes[at] = head;
    for (let i = width, rest = size; i > 0; i--, rest = Math.floor(rest / 0x100)) bytes[at + i] = rest; // each takes the lowest 8 bits
  }

  function append(part: Uint8Array): void {
    const at = claim(part.length);
    bytes.set(part, at);
  }

  /** Makes room for `count` bytes and returns where they begin. */
  function claim(count: number): number {
    const at = length;
    length += count;
    if (length > bytes.length) {
      const grown = new Uint8Array(length * 2);
      grown.set(bytes);
      bytes = grown;
    }
    return at;
  }
}
