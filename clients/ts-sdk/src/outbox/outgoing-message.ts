import type { MessageContent, OutgoingMessage, SendState } from '../api.js';
import { type OthersWatermarks, storedState } from '../chats/item.js';
import { deferred } from '../deferred.js';
import { Emitter } from '../emitter.js';
import * as errorCodes from '../error-codes.js';
import type { ChatError } from '../errors.js';
import type { FrameValue } from '../frames/frame.js';
import { requests } from '../frames/requests.js';

/** What an app wants to send. */
export interface NewMessage {
  readonly text: string;
  readonly replyTo?: number;
  readonly content?: MessageContent;
}

/** What a message asks of its queue. */
export interface OutgoingQueue {
  enqueue(message: QueuedMessage): void;
  /** Takes it out and makes it fail as cancelled; false if it cannot be taken back. */
  withdraw(message: QueuedMessage): boolean;
  /** Forgets it under its id; returns another one. */
  renewId(message: QueuedMessage): string;
  changed(message: QueuedMessage): void;
}

const encoder = new TextEncoder();

/** What the service says of a message that it has. */
export type Stored = { sequence: number; createdAtMs: number };

/** One message from `send` to `read`. Its state only goes forward, except `failed` → `queued` by `retry`, and `sending` → `queued`. */
export class QueuedMessage extends Emitter<{ state: SendState }> implements OutgoingMessage {
  readonly chatId: number;
  clientMessageId: string;
  readonly text: string;
  readonly replyTo?: number;
  /** Its link is left out when the service does not take it any more. */
  content?: MessageContent;
  readonly queuedAtMs: number;
  /** Of the text, in UTF-8. */
  readonly bytes: number;
  readonly #queue: OutgoingQueue;
  state: SendState = 'queued';
  sequence: number | null = null;
  createdAtMs: number;
  error: ChatError | undefined;
  #sent = deferred<Stored>(); // who does not look at `sent` looks at `state`
  /** Times that it went to the server, which has not said that it does not exist. */
  attempts = 0;
  inFlight = false;
  /** When an attempt ended last without a certain answer. */
  inDoubtSinceMs = Number.NEGATIVE_INFINITY;
  /** Not sent again before this. */
  notBeforeMs = 0;

  /** Throws a `ChatError` of `invalid_argument` for what cannot be sent: nobody is to find it out once it waits. */
  constructor(queue: OutgoingQueue, chatId: number, clientMessageId: string, message: NewMessage, now: number) {
    super();
    const { text, replyTo, content } = message;
    this.#queue = queue;
    this.chatId = chatId;
    this.clientMessageId = clientMessageId;
    this.text = text;
    this.bytes = encoder.encode(text).length;
    if (replyTo !== undefined) this.replyTo = replyTo;
    if (content !== undefined) this.content = content;
    this.queuedAtMs = now;
    this.createdAtMs = now;
    requests.sendMessage.body.pack(this as FrameValue<typeof requests.sendMessage>); // it has these fields
  }

  get sent(): Promise<Stored> {
    return this.#sent.promise;
  }

  get isSettled(): boolean {
    return this.sequence !== null || this.state === 'failed';
  }

  retry(): void {
    if (this.state !== 'failed') return;
    if (this.error?.code === errorCodes.client_message_id_reused) this.clientMessageId = this.#queue.renewId(this);
    this.error = undefined;
    this.notBeforeMs = 0;
    this.#sent = deferred();
    this.move('queued');
    this.#queue.enqueue(this);
  }

  cancel(): boolean {
    return this.#queue.withdraw(this);
  }

  /** Leaves out a link that was refused for good, so that the text may go (protocol-spec.md §6.43). False: it was not the link. */
  dropLink(code: number): boolean {
    const { link, ...content } = this.content ?? { kind: 'text' };
    if (!link || (code !== errorCodes.link_token_invalid && (code !== errorCodes.blob_not_found || !link.image))) return false;
    this.content = content;
    return true;
  }

  store({ sequence, createdAtMs }: Stored): void {
    if (this.sequence !== null) return;
    this.sequence = sequence;
    this.createdAtMs = createdAtMs;
    if (this.error !== undefined) this.#sent = deferred(); // it was given up, and had arrived
    this.error = undefined;
    this.#sent.resolve({ sequence, createdAtMs });
    this.move('sent');
  }

  fail(error: ChatError): void {
    this.error = error;
    if (error.code > 0) this.attempts = 0; // the server's final word: it does not exist (protocol-spec.md §6.4)
    this.#sent.reject(error);
    this.move('failed');
  }

  /** The others' watermarks went up. */
  advance(others: OthersWatermarks): void {
    if (this.sequence === null) return;
    const state = storedState(this.sequence, others);
    if (state === 'read' || this.state === 'sent') this.move(state);
  }

  /** Takes the state, and tells it where it is another one. */
  move(state: SendState): void {
    if (this.state === state) return;
    this.state = state;
    this.#queue.changed(this);
    this.emit('state', state);
  }
}
