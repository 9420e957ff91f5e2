import { asChatError, type ChatError } from '../errors.js';
import type { WholeOptions } from '../ports.js';
import type { Queries } from '../queries.js';
import type { LiveChat } from './live-chat.js';

/** What receipts need of their client. */
export interface ReceiptPorts {
  readonly options: Pick<WholeOptions, 'clock'>;
  readonly queries: Pick<Queries, 'mark'>;
  chat(chatId: number): Pick<LiveChat, 'marked'>;
}

const coalesceMs = 200;
const retryMs = 2_000;

/** Own watermarks on their way to the server: one frame for many messages, kept until stored. */
export class ReceiptSender {
  readonly #client: ReceiptPorts;
  readonly #waiting = { delivered: new Map<number, number>(), read: new Map<number, number>() };
  #cancelTimer: (() => void) | null = null;

  constructor(client: ReceiptPorts) {
    this.#client = client;
  }

  mark(kind: 'delivered' | 'read', chatId: number, upTo: number): void {
    this.#keep(kind, chatId, upTo);
    this.#schedule(coalesceMs);
  }

  flush(): void {
    const { read, delivered } = this.#waiting;
    // Reading raises the delivered watermark too (protocol-spec.md §6.12).
    for (const [chatId, upTo] of read) if ((delivered.get(chatId) ?? Number.POSITIVE_INFINITY) <= upTo) delivered.delete(chatId);
    this.#sendAll('read');
    this.#sendAll('delivered');
  }

  /** What waits goes out with the next welcome. */
  rest(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = null;
  }

  #keep(kind: 'delivered' | 'read', chatId: number, upTo: number): void {
    const waiting = this.#waiting[kind];
    waiting.set(chatId, Math.max(upTo, waiting.get(chatId) ?? 0));
  }

  #schedule(ms: number): void {
    this.#cancelTimer ??= this.#client.options.clock.after(ms, () => {
      this.#cancelTimer = null;
      this.flush();
    });
  }

  #sendAll(kind: 'delivered' | 'read'): void {
    for (const [chatId, upTo] of this.#waiting[kind]) {
      const outcome = this.#client.queries.mark(kind, chatId, upTo);
      if (outcome === null) return; // the next welcome flushes
      this.#waiting[kind].delete(chatId);
      outcome.then(
        () => kind === 'read' && this.#client.chat(chatId).marked(),
        (thrown: unknown) => this.#refused(kind, chatId, upTo, asChatError(thrown)),
      );
    }
  }

  #refused(kind: 'delivered' | 'read', chatId: number, upTo: number, error: ChatError): void {
    if (!error.retryable) return; // the chat is no longer one's own: nobody waits for this receipt
    this.#keep(kind, chatId, upTo);
    if (error.code > 0) this.#schedule(error.retryAfterMs ?? retryMs); // else the link was lost: the next welcome flushes
  }
}
