import type { FrameTrace } from '../api.js';
import type { Fields, StructOf } from '../codec/fields.js';
import { MalformedFrameError, throwWrongType } from '../codec/malformed.js';
import type { closeCodes } from '../codes.js';
import { ChatError } from '../errors.js';
import { cutFrames, encodeFrame, type Frame, type FrameHeader, readFrame } from '../frames/frame.js';
import { type Push, pushes } from '../frames/pushes.js';
import { replies } from '../frames/replies.js';
import { requests } from '../frames/requests.js';
import * as localErrors from '../local-errors.js';
import type { Clock, Transport, WholeOptions } from '../ports.js';
import { trace } from './trace.js';

export type LinkOptions = Pick<WholeOptions, 'transport' | 'clock'>;

export interface LinkHandlers {
  opened(): void;
  pushed(push: Push): void;
  /** No request is waiting for its reply any more. */
  idle(): void;
  /** Called once; every waiting request was rejected before. */
  ended(code: number, reason: string): void;
}

interface Pending {
  readonly reply: Frame<Fields>;
  readonly sentAtMs: number;
  resolve(value: unknown): void;
  reject(error: ChatError): void;
}

/** The server's frames are at most this long (protocol-spec.md §3.4). */
const maxServerBodyBytes = 262_144;
const replyDeadlineMs = 30_000;
const pingDeadlineMs = 10_000;
// By type only, so that a bundle does not carry the table of names.
const idleTimeout: (typeof closeCodes)['idle_timeout'] = 4002;
const malformedFrame: (typeof closeCodes)['malformed_frame'] = 4500;

/** Parts of this package that are apart from the core add theirs. */
export const pushKinds = new Map<number, { kind: string; frame: Frame<Fields> }>(
  Object.entries(pushes).map(([kind, frame]) => [frame.type, { kind, frame: frame as unknown as Frame<Fields> }]),
);

/** One connection from its opening to its end: frames out and in, replies to their requests, signs of life. */
export class Link {
  readonly #clock: Clock;
  readonly #frames: FrameTrace[];
  readonly #handlers: LinkHandlers;
  readonly #transport: Transport;
  readonly #pending = new Map<number, Pending>();
  #nextRequestId = 1;
  #receivedAtMs: number;
  #ended = false;
  #cancelHeartbeat: () => void = () => {};

  constructor(options: LinkOptions, url: string, frames: FrameTrace[], handlers: LinkHandlers) {
    this.#clock = options.clock;
    this.#frames = frames;
    this.#handlers = handlers;
    this.#receivedAtMs = options.clock.now();
    this.#transport = options.transport(url, {
      opened: () => handlers.opened(), // perhaps after the end: no request goes out then
      received: (bytes) => this.#receive(bytes),
      closed: (code, reason) => this.#end(code, reason),
    });
  }

  get inFlight(): number {
    return this.#pending.size;
  }

  /**
   * Rejects with the server's error, with `network` when the link ends first (the outcome is unknown then), or with `invalid_argument` for what
   * cannot be written.
   */
  request<Q extends Fields, R extends Fields>(kind: Frame<Q>, value: StructOf<Q>, reply: Frame<R>): Promise<StructOf<R>> {
    return new Promise((resolve, reject) => {
      if (this.#ended) throw new ChatError(localErrors.network, 'The connection is lost.');
      const requestId = this.#nextRequestId++;
      const bytes = encodeFrame(kind, requestId, value);
      const sentAtMs = this.#clock.now();
      this.#pending.set(requestId, { reply, sentAtMs, resolve: resolve as (value: unknown) => void, reject });
      this.#trace('out', kind.type, requestId, bytes.length);
      this.#transport.send(bytes);
    });
  }

  /** From the welcome on: asks for a sign of life when it was silent for `intervalMs`, and ends when none comes. */
  keepAlive(intervalMs: number): void {
    this.#cancelHeartbeat = this.#clock.after(intervalMs, () => {
      const now = this.#clock.now();
      const [oldest] = this.#pending.values();
      if (oldest && now - oldest.sentAtMs >= replyDeadlineMs) {
        this.end(0, 'no reply', idleTimeout);
        return;
      }
      this.keepAlive(intervalMs); // first: the ping may find that the link has ended
      if (now - this.#receivedAtMs >= intervalMs) this.probe(pingDeadlineMs);
    });
  }

  /** Sends a ping; if nothing at all comes within the deadline, the link is dead. */
  probe(deadlineMs: number): void {
    const asked = this.#clock.now();
    const cancel = this.#clock.after(deadlineMs, () => {
      if (this.#receivedAtMs <= asked) this.end(0, 'no sign of life', idleTimeout);
    });
    this.request(requests.ping, {}, replies.ok).then(cancel, cancel); // rejected when the link ends: that is told by `ended`
  }

  /** Ends the link now. `code` is what is told here, `wireCode` what the server is told. */
  end(code: number, reason: string, wireCode = 1000): void {
    if (this.#ended) return;
    this.#end(code, reason); // first: what the transport tells of its own end comes second
    this.#transport.close(wireCode, reason);
  }

  #end(code: number, reason: string): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#cancelHeartbeat();
    for (const pending of this.#pending.values()) pending.reject(new ChatError(localErrors.network, 'The connection is lost.'));
    this.#pending.clear();
    this.#handlers.ended(code, reason);
  }

  #receive(bytes: Uint8Array): void {
    if (this.#ended) return;
    this.#receivedAtMs = this.#clock.now();
    try {
      for (const header of cutFrames(bytes, maxServerBodyBytes)) {
        this.#trace('in', header.type, header.requestId, header.bodyBytes);
        if (header.requestId === 0) this.#push(header);
        else this.#reply(header);
        if (this.#ended) return;
      }
    } catch (thrown) {
      if (!(thrown instanceof MalformedFrameError)) throw thrown;
      this.end(0, `malformed frame: ${thrown.message}`, malformedFrame);
    }
  }

  #trace(direction: FrameTrace['direction'], type: number, requestId: number, bytes: number): void {
    trace(this.#frames, { atMs: this.#clock.now(), direction, type, requestId, bytes });
  }

  #push(header: FrameHeader): void {
    const known = pushKinds.get(header.type);
    // Otherwise a later version's push (§11).
    if (known !== undefined) this.#handlers.pushed({ kind: known.kind, value: readFrame(known.frame, header) } as Push);
  }

  #reply(header: FrameHeader): void {
    const pending = this.#pending.get(header.requestId);
    if (pending === undefined) return;
    if (header.type === pending.reply.type) pending.resolve(readFrame(pending.reply, header));
    else if (header.type === replies.error.type) {
      const { code, message, ...options } = readFrame(replies.error, header);
      pending.reject(new ChatError(code, message, options));
    } else throwWrongType();
    this.#pending.delete(header.requestId);
    if (this.#pending.size === 0) this.#handlers.idle();
  }
}
