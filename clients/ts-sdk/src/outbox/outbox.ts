import type { LiveChat } from '../chats/live-chat.js';
import { hex } from '../codec/fields.js';
import * as errorCodes from '../error-codes.js';
import { asChatError, ChatError } from '../errors.js';
import type { WireSent } from '../frames/replies.js';
import * as localErrors from '../local-errors.js';
import type { WholeOptions } from '../ports.js';
import { type NewMessage, type OutgoingQueue, QueuedMessage, type Stored } from './outgoing-message.js';

export interface OutboxPorts {
  readonly options: OutboxOptions;
  /** Null while not online. Rejects like `Link.request`. */
  send(message: QueuedMessage): Promise<WireSent> | null;
  /** A message is new, or its state is another. */
  outgoingChanged(message: QueuedMessage): void;
  /** It was taken back and is nowhere any more. */
  withdrawn(message: QueuedMessage): void;
  /** Takes by `adopted` what an earlier client left. */
  chat(chatId: number): Pick<LiveChat, 'adopted'>;
  /** Null while not online. */
  ready(): object | null;
  /** Who was welcomed last; 0 before the first welcome. */
  readonly principalId: number;
  /** Why nothing can be sent before the next `connect`, or this not; null while it can. */
  closed(message: QueuedMessage): ChatError | null;
  /** Largest text in bytes of UTF-8. */
  readonly maxTextBytes: number;
}

/** Of those that the client was made with. */
export type OutboxOptions = Pick<WholeOptions, 'clock' | 'random' | 'retryPolicy' | 'sendsInFlightPerChat' | 'maxQueuedBytes' | 'outbox'>;

/** A server that says "not now" is there: a pause between two tries does not grow as it does between two connections. */
const longestPauseMs = 5_000;
/** How long an attempt without an answer may be under way somewhere, and be judged anew when it arrives (protocol-spec.md §6.4). */
const longestDoubtMs = 30_000;
/** Refusals that hang on who is in the chat at the moment, or on what is there. */
const passing: ReadonlySet<number> = new Set([
  errorCodes.not_a_member,
  errorCodes.chat_not_found,
  errorCodes.reply_target_not_found,
  errorCodes.blocked,
  errorCodes.not_allowed,
  errorCodes.blob_not_found,
  errorCodes.status_not_found,
  errorCodes.link_token_invalid,
]);
/** After these, this attempt has stored nothing. */
const certain: ReadonlySet<number> = new Set([errorCodes.busy, errorCodes.rate_limited]);
const window = 64; // requests that the server takes at once, protocol-spec.md §10

/**
 * Messages that are not stored yet, in order per chat. They outlive connections and go out again with the same id until the
 * server says stored or never (protocol-spec.md §6.4).
 */
export class Outbox implements OutgoingQueue {
  readonly #ports: OutboxPorts;
  readonly #options: OutboxOptions;
  readonly #queues = new Map<number, QueuedMessage[]>();
  #queuedBytes = 0;
  #inFlight = 0;
  #cancelTimer: () => void = () => {};

  constructor(ports: OutboxPorts) {
    this.#ports = ports.options.outbox?.attach(this, ports) ?? ports;
    this.#options = ports.options;
  }

  get queued(): number {
    return this.#all().length;
  }

  add(chatId: number, fresh: NewMessage): QueuedMessage {
    const message = new QueuedMessage(this, chatId, newId(), fresh, this.#options.clock.now());
    this.#ports.outgoingChanged(message);
    this.enqueue(message);
    return message;
  }

  enqueue(message: QueuedMessage): void {
    const error = this.#refusal(message);
    if (error !== null) {
      message.fail(error);
      return;
    }
    this.#queuedBytes += message.bytes;
    this.#queue(message.chatId).push(message);
    this.pump();
  }

  /** Takes what an earlier client left of a chat, in its order, in front of what was added since. */
  adopt(chatId: number, waiting: readonly QueuedMessage[]): void {
    for (const { bytes } of waiting) this.#queuedBytes += bytes;
    this.#queue(chatId).unshift(...waiting);
  }

  withdraw(message: QueuedMessage): boolean {
    if (message.state !== 'failed') {
      if (message.attempts > 0 || message.sequence !== null) return false; // it is stored, or may be
      this.#fail(message, new ChatError(localErrors.cancelled, 'The message was taken back.'));
    }
    this.#ports.withdrawn(message);
    return true;
  }

  renewId(message: QueuedMessage): string {
    this.#ports.withdrawn(message);
    return newId();
  }

  changed(message: QueuedMessage): void {
    this.#ports.outgoingChanged(message);
  }

  /** The ack came, or the event itself before it; perhaps after the message was given up at a close. */
  stored(message: QueuedMessage, sent: Stored): void {
    this.#remove(message);
    message.store(sent);
  }

  /** Nothing goes out any more: what waits fails, and may be tried again after the next `connect`. */
  close(error: ChatError): void {
    this.#cancelTimer();
    for (const message of this.#all()) this.#fail(message, error);
  }

  /** Sends what may go now. Called when online, and after every change. */
  pump(): void {
    this.#cancelTimer();
    const now = this.#options.clock.now();
    let nextMs = Number.POSITIVE_INFINITY;
    for (const queue of this.#queues.values()) {
      for (const message of queue.slice(0, this.#options.sendsInFlightPerChat)) {
        if (this.#inFlight >= window) return; // the next ack pumps again
        if (message.inFlight || message.isSettled) continue;
        if (message.notBeforeMs > now) {
          nextMs = Math.min(nextMs, message.notBeforeMs);
          break; // what is behind it waits too, or it would overtake
        }
        if (!this.#depart(message)) break;
      }
    }
    if (nextMs < Number.POSITIVE_INFINITY) this.#cancelTimer = this.#options.clock.after(nextMs - now, () => this.pump());
  }

  #queue(chatId: number): QueuedMessage[] {
    const queue = this.#queues.get(chatId) ?? [];
    this.#queues.set(chatId, queue);
    return queue;
  }

  #all(): QueuedMessage[] {
    return [...this.#queues.values()].flat();
  }

  #depart(message: QueuedMessage): boolean {
    const outcome = this.#ports.send(message);
    if (outcome === null) return false;
    this.#inFlight++;
    message.inFlight = true;
    if (!message.isSettled) {
      message.attempts++;
      message.move('sending');
    }
    outcome
      .then(
        (sent) => this.stored(message, sent),
        (thrown: unknown) => this.#refused(message, asChatError(thrown)),
      )
      .finally(() => {
        message.inFlight = false;
        this.#inFlight--;
        this.pump();
      });
    return true;
  }

  #refused(message: QueuedMessage, error: ChatError): void {
    if (message.isSettled) return;
    const { clock, retryPolicy, random } = this.#options;
    const mayStillBeStored = passing.has(error.code) && clock.now() - message.inDoubtSinceMs < longestDoubtMs;
    if (!error.retryable && !mayStillBeStored && !message.dropLink(error.code)) {
      this.#fail(message, error);
      return;
    }
    if (error.retryable && !certain.has(error.code)) message.inDoubtSinceMs = clock.now();
    // A lost link needs no wait of its own: the next one is waited for.
    const pauseMs = Math.min(longestPauseMs, retryPolicy(message.attempts, random));
    const waitMs = error.code > 0 ? Math.max(error.retryAfterMs ?? 0, pauseMs) : 0;
    message.notBeforeMs = clock.now() + waitMs;
    message.move('queued'); // under the same id: it may have arrived
  }

  #remove(message: QueuedMessage): void {
    const queue = this.#queue(message.chatId);
    const at = queue.indexOf(message);
    if (at < 0) return;
    queue.splice(at, 1);
    this.#queuedBytes -= message.bytes;
  }

  #fail(message: QueuedMessage, error: ChatError): void {
    this.#remove(message);
    message.fail(error);
  }

  /** What the server would refuse for certain is refused here: an oversized frame would end the connection. */
  #refusal(message: QueuedMessage): ChatError | null {
    const { text, bytes, content } = message;
    const most = this.#ports.maxTextBytes;
    if (bytes === 0 && (content?.kind ?? 'text') === 'text') return new ChatError(errorCodes.text_empty, 'The text is empty.');
    if (bytes > most) return new ChatError(errorCodes.text_too_long, `The text has ${bytes} bytes, ${most} may be.`);
    if (text.includes('\0')) return new ChatError(errorCodes.text_has_nul, 'The text contains U+0000.');
    const isFull = this.#queuedBytes + bytes > this.#options.maxQueuedBytes;
    return this.#ports.closed(message) ?? (isFull ? new ChatError(localErrors.outbox_full, 'Too much waits to be sent.') : null);
  }
}

export function newId(): string {
  return hex(crypto.getRandomValues(new Uint8Array(16)));
}
