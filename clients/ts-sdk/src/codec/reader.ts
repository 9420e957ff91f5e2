import { throwMalformed } from './malformed.js';

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const maxDepth = 16;
const twoTo32 = 0x1_0000_0000;
const shortAscii = 48;
const otherType = 'a value of another type';

/**
 * Reads MessagePack of the subset of protocol-spec.md §3.5 from bytes that it does not own. Every declared length is judged
 * against the bytes left before anything is made of it. Throws `MalformedFrameError`.
 */
export class MessagePackReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;
  #depth = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get remaining(): number {
    return this.#bytes.length - this.#at;
  }

  /** Takes a nil, if that is next. */
  tryReadNil(): boolean {
    if (this.#bytes[this.#at] !== 0xc0) return false;
    this.#at++;
    return true;
  }

  readBool(): boolean {
    const head = this.#byte();
    if (head === 0xc3) return true;
    return head === 0xc2 ? false : throwMalformed(otherType);
  }

  /** An integer of 0 … 2^53−1 in any of its forms. */
  readInteger(): number {
    const value = this.#integer(this.#byte());
    return value >= 0 && value <= Number.MAX_SAFE_INTEGER ? value : throwMalformed('integer out of range');
  }

  readText(): string {
    const head = this.#byte();
    const length = head >= 0xa0 && head <= 0xbf ? head & 0x1f : this.#length(head, 0xd9);
    return this.#text(length);
  }

  /** Valid as long as the reader's bytes are. */
  readBinary(): Uint8Array {
    return this.#take(this.#length(this.#byte(), 0xc4));
  }

  /** Enters an array and returns its number of elements; `leaveArray` follows its last. */
  enterArray(): number {
    const head = this.#byte();
    let count: number;
    if (head >= 0x90 && head <= 0x9f) count = head & 0x0f;
    else if (head === 0xdc || head === 0xdd) count = this.#length(head, 0xdb);
    else return throwMalformed(otherType);
    this.#inside(count);
    if (++this.#depth > maxDepth) throwMalformed('nested too deep');
    return count;
  }

  leaveArray(): void {
    this.#depth--;
  }

  /** Passes over one value of any kind but ext. */
  skip(): void {
    // Values still to pass, level by level: no recursion, so that depth costs no stack.
    const open: number[] = [1];
    while (open.length > 0) {
      const last = open.length - 1;
      const left = open[last] as number;
      if (left === 0) {
        open.pop();
        continue;
      }
      open[last] = left - 1;
      const inside = this.#skipHead();
      if (inside < 0) continue;
      if (this.#depth + open.length > maxDepth) throwMalformed('nested too deep');
      open.push(inside);
    }
  }

  /** Passes over a scalar and returns −1, or over the head of an array or a map and returns how many values are inside. */
  #skipHead(): number {
    const head = this.#byte();
    if (head <= 0x7f || head >= 0xe0 || head === 0xc0 || head === 0xc2 || head === 0xc3) return -1;
    if (head <= 0x8f) return this.#inside((head & 0x0f) * 2);
    if (head <= 0x9f) return this.#inside(head & 0x0f);
    if (head <= 0xbf) return this.#skipText(head & 0x1f);
    if (head >= 0xc4 && head <= 0xc6) return this.#skipBytes(this.#length(head, 0xc4));
    if (head >= 0xca && head <= 0xd3) return this.#skipBytes(1 << (head & 3)); // floats and integers: 4, 8, 1, 2, 4, 8, …
    if (head >= 0xd9 && head <= 0xdb) return this.#skipText(this.#length(head, 0xd9));
    if (head === 0xdc || head === 0xdd) return this.#inside(this.#length(head, 0xdb));
    if (head === 0xde || head === 0xdf) return this.#inside(this.#length(head, 0xdd) * 2);
    return throwMalformed('ext or unused'); // 0xc1, 0xc7 … 0xc9, 0xd4 … 0xd8
  }

  #inside(count: number): number {
    return count <= this.remaining ? count : throwMalformed('array longer than its bytes');
  }

  #skipBytes(length: number): number {
    this.#take(length);
    return -1;
  }

  #skipText(length: number): number {
    this.#text(length);
    return -1;
  }

  /** −1 stands for every negative one. */
  #integer(head: number): number {
    if (head <= 0x7f) return head;
    if (head >= 0xe0) return -1;
    if (head === 0xcf || head === 0xd3) return this.#unsigned(4) * twoTo32 + this.#unsigned(4); // negative: far beyond 2^53
    if (head >= 0xcc && head <= 0xce) return this.#length(head, 0xcc);
    if (head < 0xd0 || head > 0xd2) return throwMalformed(otherType);
    const value = this.#length(head, 0xd0);
    return value < 2 ** (8 * 2 ** (head - 0xd0) - 1) ? value : -1;
  }

  /** The length behind one of three heads of 1, 2 and 4 bytes, the first of which is `head8`. */
  #length(head: number, head8: number): number {
    const power = head - head8;
    return power >= 0 && power <= 2 ? this.#unsigned(1 << power) : throwMalformed(otherType);
  }

  #text(length: number): string {
    const bytes = this.#take(length);
    if (length <= shortAscii) {
      let text = '';
      for (let i = 0; i < length; i++) {
        const byte = bytes[i] as number;
        if (byte >= 0x80) return decodeUtf8(bytes);
        text += String.fromCharCode(byte);
      }
      return text;
    }
    return decodeUtf8(bytes);
  }

  #byte(): number {
    return this.#bytes[this.#advance(1)] as number;
  }

  /** Of 1, 2 or 4 bytes. */
  #unsigned(width: number): number {
    const at = this.#advance(width);
    if (width === 1) return this.#bytes[at] as number;
    return width === 2 ? this.#view.getUint16(at) : this.#view.getUint32(at);
  }

  #take(length: number): Uint8Array {
    const at = this.#advance(length);
    return this.#bytes.subarray(at, at + length);
  }

  #advance(length: number): number {
    if (length > this.remaining) throwMalformed('cut short');
    const at = this.#at;
    this.#at = at + length;
    return at;
  }
}

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch {
    return throwMalformed('not UTF-8');
  }
}
