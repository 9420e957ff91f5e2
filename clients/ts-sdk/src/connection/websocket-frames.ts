/** The frames of RFC 6455 as a client sends and receives them. Bytes only: no socket, no clock. */

export const opcodes = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

/** The peer broke RFC 6455; `code` is what the close frame says. */
export class WebSocketFaultError extends Error {
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

/** One masked frame with FIN set. `mask` has 4 random bytes. */
export function encodeClientFrame(opcode: number, payload: Uint8Array, mask: Uint8Array): Uint8Array {
  const length = payload.length;
  const lengthBytes = length < 126 ? 0 : length <= 0xffff ? 2 : 8;
  const frame = new Uint8Array(2 + lengthBytes + 4 + length);
  const view = new DataView(frame.buffer);
  frame[0] = 0x80 | opcode;
  frame[1] = 0x80 | (lengthBytes === 0 ? length : lengthBytes === 2 ? 126 : 127);
  if (lengthBytes === 2) view.setUint16(2, length);
  else if (lengthBytes === 8) view.setUint32(6, length);
  const start = 2 + lengthBytes + 4;
  frame.set(mask, start - 4);
  for (let i = 0; i < length; i++) frame[start + i] = (payload[i] as number) ^ (mask[i & 3] as number);
  return frame;
}

export interface WebSocketSink {
  message(payload: Uint8Array): void;
  ping(payload: Uint8Array): void;
  /** 1005 where the frame had no code. */
  close(code: number, reason: string): void;
}

const maxMessageBytes = 4 * 1024 * 1024;
const maxControlBytes = 125;

/** Puts a byte stream together to messages. Throws `WebSocketFaultError`. */
export class WebSocketFrameReader {
  readonly #sink: WebSocketSink;
  #held: Uint8Array = new Uint8Array(0);
  #fragments: Uint8Array[] = [];
  #fragmentBytes = 0;

  constructor(sink: WebSocketSink) {
    this.#sink = sink;
  }

  push(bytes: Uint8Array): void {
    this.#held = this.#held.length === 0 ? bytes : concat([this.#held, bytes]);
    for (let used = this.#readOne(); used > 0; used = this.#readOne()) this.#held = this.#held.subarray(used);
  }

  /** Reads the frame at the front and returns its length; 0 if it is not whole. */
  #readOne(): number {
    const bytes = this.#held;
    if (bytes.length < 2) return 0;
    const [first, second] = [bytes[0] as number, bytes[1] as number];
    if ((first & 0x70) !== 0) throw new WebSocketFaultError(1002, 'reserved bits');
    if ((second & 0x80) !== 0) throw new WebSocketFaultError(1002, 'a masked frame from a server');
    const lengthBytes = second < 126 ? 0 : second === 126 ? 2 : 8;
    if (bytes.length < 2 + lengthBytes) return 0;
    const length = payloadLength(bytes, second);
    if (length + this.#fragmentBytes > maxMessageBytes) throw new WebSocketFaultError(1009, 'a message is too large');
    const start = 2 + lengthBytes;
    if (bytes.length < start + length) return 0;
    this.#take(first & 0x0f, (first & 0x80) !== 0, bytes.subarray(start, start + length));
    return start + length;
  }

  #take(opcode: number, fin: boolean, payload: Uint8Array): void {
    if (opcode >= 8) {
      if (!fin || payload.length > maxControlBytes) throw new WebSocketFaultError(1002, 'a control frame is fragmented or too long');
      this.#control(opcode, payload);
      return;
    }
    const continues = this.#fragments.length > 0;
    if (opcode === opcodes.text) throw new WebSocketFaultError(1003, 'a text message');
    if (opcode > opcodes.binary || continues !== (opcode === opcodes.continuation)) throw new WebSocketFaultError(1002, 'wrong opcode');
    if (fin && !continues) {
      this.#sink.message(payload);
      return;
    }
    this.#fragments.push(payload.slice());
    this.#fragmentBytes += payload.length;
    if (!fin) return;
    const message = concat(this.#fragments);
    this.#fragments = [];
    this.#fragmentBytes = 0;
    this.#sink.message(message);
  }

  #control(opcode: number, payload: Uint8Array): void {
    if (opcode === opcodes.ping) this.#sink.ping(payload);
    else if (opcode === opcodes.close) {
      const code = payload.length >= 2 ? ((payload[0] as number) << 8) | (payload[1] as number) : 1005;
      this.#sink.close(code, new TextDecoder().decode(payload.subarray(2)));
    } else if (opcode !== opcodes.pong) throw new WebSocketFaultError(1002, 'wrong opcode');
  }
}

function payloadLength(bytes: Uint8Array, second: number): number {
  if (second < 126) return second;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return second === 126 ? view.getUint16(2) : view.getUint32(2) * 0x1_0000_0000 + view.getUint32(6);
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
