const encoder = new TextEncoder();
const initialBytes = 256;

/**
 * Writes MessagePack (nil, bool, non-negative integer, str, bin, array), each in its shortest form (protocol-spec.md §3.5).
 * Reusable: `reset` keeps the buffer.
 */
export class MessagePackWriter {
  #bytes = new Uint8Array(initialBytes);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  reset(): void {
    this.#length = 0;
  }

  /** A copy of what was written. */
  take(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.#length);
  }

  /** Four bytes to be filled in later, by `patchUint32`. Returns where they are. */
  reserveUint32(): number {
    return this.#claim(4);
  }

  /** Little-endian, as the length prefix of a frame is. */
  patchUint32(offset: number, value: number): void {
    new DataView(this.#bytes.buffer).setUint32(offset, value, true);
  }

  writeNil(): void {
    this.#byte(0xc0);
  }

  writeBool(value: boolean): void {
    this.#byte(value ? 0xc3 : 0xc2);
  }

  /** 0 … 2^53−1. */
  writeInteger(value: number): void {
    if (value < 0x80) this.#byte(value);
    else if (value <= 0xffff_ffff) this.#shortest(0xcc, value);
    else this.#headed(0xcf, value, 8);
  }

  /** A lone surrogate becomes U+FFFD: what is written is always UTF-8. */
  writeText(value: string): void {
    const utf8 = encoder.encode(value);
    if (utf8.length < 32) this.#byte(0xa0 | utf8.length);
    else this.#shortest(0xd9, utf8.length);
    this.#append(utf8);
  }

  writeBinary(value: Uint8Array): void {
    this.#shortest(0xc4, value.length);
    this.#append(value);
  }

  writeArrayHeader(count: number): void {
    if (count < 16) this.#byte(0x90 | count);
    else if (count <= 0xffff) this.#headed(0xdc, count, 2);
    else this.#headed(0xdd, count, 4);
  }

  /** The heads of the three widths follow each other. */
  #shortest(head8: number, value: number): void {
    if (value <= 0xff) this.#headed(head8, value, 1);
    else if (value <= 0xffff) this.#headed(head8 + 1, value, 2);
    else this.#headed(head8 + 2, value, 4);
  }

  #byte(value: number): void {
    const at = this.#claim(1);
    this.#bytes[at] = value;
  }

  /** Big-endian; bit operations would end at 32 bits. */
  #headed(head: number, value: number, width: number): void {
    const at = this.#claim(1 + width);
    this.#bytes[at] = head;
    for (let i = width, rest = value; i > 0; i--, rest = Math.floor(rest / 256)) this.#bytes[at + i] = rest; // each takes the lowest 8 bits
  }

  #append(bytes: Uint8Array): void {
    const at = this.#claim(bytes.length);
    this.#bytes.set(bytes, at);
  }

  /** Makes room for `count` bytes and returns where they begin. */
  #claim(count: number): number {
    const at = this.#length;
    this.#length = at + count;
    if (this.#length > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length));
      grown.set(this.#bytes.subarray(0, at));
      this.#bytes = grown;
    }
    return at;
  }
}
