import type { HttpMethod } from '../account/rest.js';
import type { Clock } from '../ports.js';
import type { Draft } from './settings.js';

export interface DraftPorts {
  readonly clock: Clock;
  rest(method: HttpMethod, path: string, body?: unknown): Promise<unknown>;
  /** What is stored, as far as this device knows. */
  stored(): Draft | null;
  failed(thrown: unknown): void;
}

/** The person paused: short of it, a draft is this device's alone. */
const pauseMs = 3_000;

/** Keeps what was begun to be written in a chat: stored when the person pauses, one write after another, gone when it is sent. */
export class DraftKeeper {
  readonly #path: string;
  readonly #ports: DraftPorts;
  #wished: { text: string; replyTo: number | null } | null = null;
  #cancelPause: (() => void) | null = null;
  #writing: Promise<void> = Promise.resolve();
  /** Something was written that the summary may not show yet. */
  #isWritten = false;

  constructor(chatId: number, ports: DraftPorts) {
    this.#path = `/api/chats/${chatId}/draft`;
    this.#ports = ports;
  }

  /** What is written so far; an empty text takes the draft away. Stored after a pause of 3 s, or by `flush`. */
  set(text: string, replyTo?: number): void {
    this.#wished = { text, replyTo: replyTo ?? null };
    this.#cancelPause?.();
    this.#cancelPause = this.#ports.clock.after(pauseMs, () => void this.flush());
  }

  /** Stores what was set, now: the person leaves the chat. Resolves when it is stored; that it failed is told by `error`. */
  flush(): Promise<void> {
    this.#cancelPause?.();
    this.#cancelPause = null;
    const wished = this.#wished;
    this.#wished = null;
    if (wished === null) return this.#writing;
    this.#isWritten = true;
    return this.#write('PUT', wished);
  }

  /** The message was sent. */
  sent(): void {
    this.#cancelPause?.();
    this.#cancelPause = this.#wished = null;
    if (!this.#isWritten && this.#ports.stored() === null) return;
    this.#isWritten = false;
    void this.#write('DELETE');
  }

  /** One after another: of two that overtake each other the older one would stay. */
  #write(method: HttpMethod, body?: unknown): Promise<void> {
    this.#writing = this.#writing.then(async () => {
      try {
        await this.#ports.rest(method, this.#path, body);
      } catch (thrown) {
        this.#ports.failed(thrown);
      }
    });
    return this.#writing;
  }
}
