import type { Value } from './value.js';

const encoder = new TextEncoder();

/**
 * Writes a value as MessagePack, each part of it in its shortest form (protocol-spec.md §3.5). Integers are 0 … 2^53−1. A lone surrogate becomes
 * U+FFFD: text is always UTF-8.
 */
export function writeMessagePack(value: Value): number[] {
  const bytes: number[] = [];
  write(value);
  return bytes;

  function write(part: Value): void {
    if (part === null) bytes.push(0xc0);
    else if (typeof part === 'boolean') bytes.push(part ? 0xc3 : 0xc2);
    else if (typeof part === 'number') writeSized(part, 0x80, 0, 0xcc);
    else if (typeof part === 'string') {
      const utf8 = encoder.encode(part);
      writeSized(utf8.length, 0x20, 0xa0, 0xd9);
      append(utf8);
    } else if (part instanceof Uint8Array) {
      writeSized(part.length, 0, 0, 0xc4);
      append(part);
    } else {
      writeSized(part.length, 0x10, 0x90, 0xdb, 2); // an array has no length of one byte
      for (const element of part) write(element);
    }
  }

  /**
   * A number: below `limit` in the one byte of `fixed`, otherwise big-endian in 1, 2, 4 or 8 bytes behind its head. The heads of these widths
   * follow each other, `head8` first.
   */
  function writeSized(size: number, limit: number, fixed: number, head8: number, narrowest = 1): void {
    if (size < limit) {
      bytes.push(fixed | size);
      return;
    }
    let width = narrowest;
    while (size >= 2 ** (8 * width)) width *= 2;
    bytes.push(head8 + Math.log2(width));
    while (width-- > 0) bytes.push(Math.floor(size / 0x100 ** width) % 0x100); // bit operations would end at 32 bits
  }

  function append(part: Uint8Array): void {
    for (const byte of part) bytes.push(byte);
  }
}
