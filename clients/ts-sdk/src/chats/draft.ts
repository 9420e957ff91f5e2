import type { HttpMethod } from '../account/rest.js';
import type { Clock } from '../ports.js';
import type { Draft } from './settings.js';

export interface DraftPorts {
  readonly clock: Clock;
  rest(method: HttpMethod, path: string, body?: unknown): Promise<unknown>;
  /** Asks again until it is done, refused for good, or the client closed. */
  insist(ask: () => Promise<unknown>): Promise<unknown>;
  /** What is stored, as far as this device knows. */
  stored(): Draft | null;
  failed(thrown: unknown): void;
}

/** The person paused: short of it, a draft is this device's alone. */
const pauseMs = 3_000;
/** The service tells of a write late: as many texts are remembered as may be told of late. */
const maxOwn = 8;

/** Keeps what was begun to be written in a chat: stored when the person pauses, one write after another, gone when it is sent. */
export class DraftKeeper {
  readonly #path: string;
  readonly #ports: DraftPorts;
  #wished: { text: string; replyTo: number | null } | null = null;
  #cancelPause: (() => void) | null = null;
  #writing: Promise<unknown> = Promise.resolve();
  /** Texts of the draft, the newest last, that were shown, written over or written here since something was sent. Others are another device's. */
  #own: string[] = [];

  constructor(chatId: number, ports: DraftPorts) {
    this.#path = `/api/chats/${chatId}/draft`;
    this.#ports = ports;
  }

  /** What is written so far; an empty text takes the draft away. Stored after a pause of 3 s, or by `flush`. */
  set(text: string, replyTo?: number): void {
    if (this.#take() === null && this.#own.length === 0) this.#learn(); // what is stored was shown to who begins to write
    this.#wished = { text, replyTo: replyTo ?? null };
    this.#cancelPause = this.#ports.clock.after(pauseMs, () => void this.flush());
  }

  /** Stores what was set, now: the person leaves the chat. Resolves when it is stored; that it failed is told by `error`. */
  async flush(): Promise<void> {
    const wished = this.#take();
    if (wished !== null) {
      this.#learn(wished.text);
      this.#write(() => this.#ports.rest('PUT', this.#path, wished));
    }
    await this.#writing;
  }

  /** A message was sent: its draft goes, and not what another device began to write meanwhile. */
  sent(text: string): void {
    this.#take();
    const own = [...this.#own, text];
    this.#own = [];
    const isOwn = (): boolean => {
      const stored = this.#ports.stored();
      return stored === null ? own.length > 1 : own.includes(stored.text);
    };
    if (isOwn()) this.#write(() => this.#ports.insist(async () => isOwn() && this.#ports.rest('DELETE', this.#path)));
  }

  #take(): { text: string; replyTo: number | null } | null {
    const wished = this.#wished;
    this.#cancelPause?.();
    this.#cancelPause = this.#wished = null;
    return wished;
  }

  #learn(...written: string[]): void {
    const stored = this.#ports.stored();
    this.#own = [...this.#own, ...(stored ? [stored.text] : []), ...written].slice(-maxOwn);
  }

  /** One after another: of two that overtake each other the older one would stay. */
  #write(ask: () => Promise<unknown>): void {
    this.#writing = this.#writing.then(ask).catch(this.#ports.failed);
  }
}
