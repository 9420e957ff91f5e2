import { callSignedIn } from '../account/signed-in.js';
import type { ChatClient } from '../api.js';
import type { Draft } from './settings.js';

/** What one began to write, kept for all one's devices: over REST, and apart from the core, which tells it (`summary.own.draft`). */
export interface Drafts {
  /** At every keystroke: what is written so far; an empty text takes the draft away. Stored after a pause of 3 s, or by `flush`. */
  set(chatId: number, text: string, replyTo?: number): void;
  /** Stores what was set, now: the person leaves the chat. Resolves when it is stored; that it failed is told by the client's `error`. */
  flush(chatId: number): Promise<void>;
  /** Sends take drafts away no more. */
  close(): void;
}

export type DraftsClient = Pick<ChatClient, 'wire' | 'chat' | 'on'>;

/** One for each client. From now on what is sent from here takes its chat's draft away, unless that is another device's. */
export function createDrafts(client: DraftsClient): Drafts {
  const keepers = new Map<number, DraftKeeper>();
  const of = (chatId: number): DraftKeeper => {
    const keeper = keepers.get(chatId) ?? new DraftKeeper(client, chatId);
    keepers.set(chatId, keeper);
    return keeper;
  };
  const stop = client.on('sending', ({ chatId, text, content }) => {
    if (!content?.forwarded) of(chatId).sent(text);
  });
  return {
    set: (chatId, text, replyTo) => of(chatId).set(text, replyTo),
    flush: (chatId) => of(chatId).flush(),
    close: stop,
  };
}

/** The person paused: short of it, a draft is this device's alone. */
const pauseMs = 3_000;
/** The service tells of a write late: as many texts are remembered as may be told of late. */
const maxOwn = 8;

/** One chat's: stored when the person pauses, one write after another, gone when it is sent. */
class DraftKeeper {
  readonly #client: DraftsClient;
  readonly #chatId: number;
  #wished: { text: string; replyTo: number | null } | null = null;
  #cancelPause: (() => void) | null = null;
  #writing: Promise<unknown> = Promise.resolve();
  /** Texts of the draft, the newest last, that were shown, written over or written here since something was sent. Others are another device's. */
  #own: string[] = [];

  constructor(client: DraftsClient, chatId: number) {
    this.#client = client;
    this.#chatId = chatId;
  }

  set(text: string, replyTo?: number): void {
    if (this.#take() === null && this.#own.length === 0) this.#learn(); // what is stored was shown to who begins to write
    this.#wished = { text, replyTo: replyTo ?? null };
    this.#cancelPause = this.#client.wire.clock.after(pauseMs, () => void this.flush());
  }

  async flush(): Promise<void> {
    const wished = this.#take();
    if (wished !== null) {
      this.#learn(wished.text);
      this.#write(() => this.#rest('PUT', wished));
    }
    await this.#writing;
  }

  /** A message was sent: its draft goes, and not what another device began to write meanwhile. */
  sent(text: string): void {
    this.#take();
    const own = [...this.#own, text];
    this.#own = [];
    const isOwn = (): boolean => {
      const stored = this.#stored;
      return stored === null ? own.length > 1 : own.includes(stored.text);
    };
    if (isOwn()) this.#write(() => this.#client.wire.insist(async () => isOwn() && this.#rest('DELETE')));
  }

  /** What is stored, as far as this device knows. */
  get #stored(): Draft | null {
    return this.#client.chat(this.#chatId).summary?.own.draft ?? null;
  }

  #take(): { text: string; replyTo: number | null } | null {
    const wished = this.#wished;
    this.#cancelPause?.();
    this.#cancelPause = this.#wished = null;
    return wished;
  }

  #learn(...written: string[]): void {
    const stored = this.#stored;
    this.#own = [...this.#own, ...(stored ? [stored.text] : []), ...written].slice(-maxOwn);
  }

  /** One after another: of two that overtake each other the older one would stay. */
  #write(ask: () => Promise<unknown>): void {
    this.#writing = this.#writing.then(ask).catch(this.#client.wire.failed);
  }

  #rest(method: 'PUT' | 'DELETE', body?: unknown): Promise<unknown> {
    const { url, token } = this.#client.wire;
    return callSignedIn(url, token, { method, path: `/api/chats/${this.#chatId}/draft`, body });
  }
}
