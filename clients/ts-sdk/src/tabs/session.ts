import { int } from '../codec/fields.js';
import { MalformedFrameError } from '../codec/malformed.js';
import { encodeFrame, type FrameValue, readFrame } from '../frames/frame.js';
import { pushes } from '../frames/pushes.js';
import { replies, type Welcome } from '../frames/replies.js';
import { requests } from '../frames/requests.js';
import { presenceReplies, presenceRequests } from '../people/presences.js';
import type { Clock, Transport, TransportFactory } from '../ports.js';
import { Heads } from './heads.js';
import { type CutFrame, framesOf, renumbered } from './renumber.js';

export type Hello = FrameValue<typeof requests.hello>;

export interface SessionHandlers {
  /** The socket is open: a `greet` may follow. */
  opened(): void;
  welcomed(): void;
  replied(port: string, bytes: Uint8Array): void;
  pushed(frame: CutFrame): void;
  /** Once; nothing follows it. */
  ended(code: number, reason: string): void;
}

interface Asked {
  readonly port: string;
  readonly requestId: number;
  /** Only of these presences the port wants to hear. */
  readonly watched: readonly number[] | null;
}

const helloId = 1;
/** The server's frames are at most this long (protocol-spec.md §3.4). */
const maxServerBodyBytes = 262_144;

/** The one session at the server, from its socket's beginning to its end: whose request is whose, and how far chats go. */
export class Session {
  readonly #handlers: SessionHandlers;
  readonly #clock: Clock;
  readonly #transport: Transport;
  readonly #asked = new Map<number, Asked>();
  readonly #heads = new Heads();
  #hello: Hello | null = null;
  #welcome: Welcome | null = null;
  #welcomedAtMs = 0;
  #lastId = helloId;
  #receivedAtMs: number;
  #isOpen = false;
  #hasEnded = false;

  constructor(url: string, transport: TransportFactory, clock: Clock, handlers: SessionHandlers) {
    this.#handlers = handlers;
    this.#clock = clock;
    this.#receivedAtMs = clock.now();
    this.#transport = transport(url, {
      opened: () => {
        this.#isOpen = true;
        if (!this.#hasEnded) handlers.opened();
      },
      received: (bytes) => this.#receive(bytes),
      closed: (code, reason) => this.#end(code, reason),
    });
  }

  /** Open, and nobody has said hello. */
  get isBlank(): boolean {
    return this.#isOpen && this.#hello === null;
  }

  get isOnline(): boolean {
    return this.#welcome !== null;
  }

  get silentForMs(): number {
    return this.#clock.now() - this.#receivedAtMs;
  }

  /** How many people may be watched. */
  get maxWatched(): number {
    return this.#welcome?.limits.maxWatched ?? 0;
  }

  greet(hello: Hello): void {
    this.#hello = hello;
    this.#transport.send(encodeFrame(requests.hello, helloId, hello));
  }

  /** What the server would welcome a client with that said this hello now. Only while online. */
  welcomeOf(hello: Hello): Welcome {
    const welcome = this.#welcome as Welcome;
    const serverTimeMs = welcome.serverTimeMs + Math.max(0, this.#clock.now() - this.#welcomedAtMs);
    const resumed = hello === this.#hello ? welcome.resumed : this.#heads.resumed(hello.positions);
    return { ...welcome, serverTimeMs, resumed };
  }

  ask(port: string, frame: CutFrame): void {
    this.#transport.send(renumbered(frame, this.#remember(port, frame.header.requestId, null)));
  }

  /** Watches all of `all` for the port that wants to hear of `watched`. */
  watch(port: string, requestId: number, watched: readonly number[], all: readonly number[]): void {
    this.#transport.send(encodeFrame(presenceRequests.watchPresence, this.#remember(port, requestId, watched), { principalIds: all }));
  }

  /** Ends it now; `wireCode` is what the server is told. */
  end(code: number, reason: string, wireCode: number): void {
    if (this.#hasEnded) return;
    this.#end(code, reason);
    this.#transport.close(wireCode, reason);
  }

  #end(code: number, reason: string): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#asked.clear();
    this.#handlers.ended(code, reason);
  }

  #remember(port: string, requestId: number, watched: readonly number[] | null): number {
    this.#asked.set(++this.#lastId, { port, requestId, watched });
    return this.#lastId;
  }

  #receive(bytes: Uint8Array): void {
    if (this.#hasEnded) return;
    this.#receivedAtMs = this.#clock.now();
    try {
      for (const frame of framesOf(bytes, maxServerBodyBytes)) {
        if (frame.header.requestId === 0) this.#pushed(frame);
        else if (frame.header.requestId === helloId) this.#greeted(frame);
        else this.#replied(frame);
        if (this.#hasEnded) return;
      }
    } catch (thrown) {
      if (!(thrown instanceof MalformedFrameError)) throw thrown;
      this.end(1006, `malformed frame: ${thrown.message}`, 4500);
    }
  }

  #greeted(frame: CutFrame): void {
    const hello = this.#hello;
    if (hello === null || this.#welcome !== null) return;
    if (frame.header.type !== replies.welcome.type) {
      this.end(1006, 'the hello got another answer than a welcome', 1000);
      return;
    }
    const welcome = readFrame(replies.welcome, frame.header);
    this.#welcome = welcome;
    this.#welcomedAtMs = this.#clock.now();
    this.#heads.welcomed(hello.positions, welcome.resumed);
    this.#handlers.welcomed();
  }

  #replied(frame: CutFrame): void {
    const asked = this.#asked.get(frame.header.requestId);
    if (asked === undefined) return;
    this.#asked.delete(frame.header.requestId);
    this.#handlers.replied(asked.port, this.#answer(asked, frame));
  }

  #answer({ requestId, watched }: Asked, frame: CutFrame): Uint8Array {
    const { header } = frame;
    switch (header.type) {
      case presenceReplies.presences.type: {
        const { presences } = readFrame(presenceReplies.presences, header);
        return encodeFrame(presenceReplies.presences, requestId, {
          presences: presences.filter(({ principalId }) => watched?.includes(principalId) !== false),
        });
      }
      case replies.chats.type:
        for (const { chatId, epoch, headSequence } of readFrame(replies.chats, header).chats)
          this.#heads.described(chatId, epoch, headSequence);
        break;
      case replies.chat.type: {
        const { chatId, epoch, headSequence } = readFrame(replies.chat, header).chat;
        this.#heads.described(chatId, epoch, headSequence);
        break;
      }
      case replies.history.type: {
        const { chatId, epoch, headSequence } = readFrame(replies.history, header);
        this.#heads.described(chatId, epoch, headSequence);
        break;
      }
    }
    return renumbered(frame, requestId);
  }

  #pushed(frame: CutFrame): void {
    const { type, fields } = frame.header;
    // Both begin with the chat and a sequence; the rest is for those who get it.
    if (type === pushes.event.type || type === pushes.gap.type)
      this.#heads.pushed(int.unpack(fields[0] ?? null), int.unpack(fields[1] ?? null));
    this.#handlers.pushed(frame);
  }
}
