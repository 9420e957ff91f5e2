import type { MessageContent } from '../api.js';
import { systemClock } from '../defaults.js';
import { reportThrown } from '../emitter.js';
import * as errorCodes from '../error-codes.js';
import { ChatError } from '../errors.js';
import type { WireSent } from '../frames/replies.js';
import * as localErrors from '../local-errors.js';
import { newId, type Outbox, type OutboxPorts } from '../outbox/outbox.js';
import { QueuedMessage } from '../outbox/outgoing-message.js';
import type { Clock, KeptMessage, OutboxKeeper, OutboxStore } from '../ports.js';
import { bytesOf, KeptWrites } from './kept-writes.js';
import type { OutboxLanes } from './lanes.js';
import type { OutboxState } from './outbox-state.js';
import { within } from './within.js';

/** What `createClient({ outbox })` takes, and what an app sees of it. */
export interface OfflineOutbox extends OutboxKeeper {
  readonly state: OutboxState;
  /** Lets go of what is kept, which another page takes over. After the client's `close`. */
  close(): Promise<void>;
  /**
   * Deletes what is kept, but for what other open pages of the account keep, and closes: the person signed out. After the client's `close`.
   * Rejects when the store refuses, or does not answer within 5 s.
   */
  clear(): Promise<void>;
}

export interface KeepingOptions {
  principalId: number;
  maxMessages?: number;
  maxBytes?: number;
  maxAgeMs?: number;
  changed?: (outbox: OfflineOutbox) => void;
  /** Milliseconds since 1970: unlike the client's clock it is the same over restarts. Default `Date.now`. */
  now?: () => number;
}

const defaultMessages = 1_000;
const defaultBytes = 4 * 1024 * 1024;
const defaultAgeMs = 7 * 24 * 3_600_000;

/**
 * Keeps a client's messages in a store until they are stored at the service, taken back, or tried again. Nothing goes out before it is
 * written that it may have gone out, and nothing new before what an earlier client left is back. It comes back under its ids, so that
 * one whose ack was lost is not stored twice (protocol-spec.md §6.4).
 */
export class OutboxKeeping implements OfflineOutbox {
  readonly #lanes: OutboxLanes;
  readonly #store: OutboxStore;
  readonly #options: Required<Omit<KeepingOptions, 'changed'>> & Pick<KeepingOptions, 'changed'>;
  readonly #lane = newId();
  readonly #writes: KeptWrites;
  readonly #ending = new AbortController();
  readonly #watched = new Set<string>([this.#lane]);
  #attached = false;
  #clock: Clock = systemClock;
  #state: OutboxState = { kind: 'opening' };
  #started: Promise<void> = Promise.resolve();
  #release: (() => void) | null = null;
  /** Kept while it was not certain that who writes is the one whose messages these are. */
  readonly #unsure = new Set<string>();
  /** Places of this lane: what is taken over stands in front. */
  #front = 0;
  #back = 0;

  constructor(store: OutboxStore, lanes: OutboxLanes, options: KeepingOptions) {
    this.#store = store;
    this.#lanes = lanes;
    this.#options = { maxMessages: defaultMessages, maxBytes: defaultBytes, maxAgeMs: defaultAgeMs, now: Date.now, ...options };
    this.#writes = new KeptWrites(store, (state) => this.#become(state));
  }

  get state(): OutboxState {
    return this.#state;
  }

  attach(outbox: Outbox, ports: OutboxPorts): OutboxPorts {
    if (this.#attached) throw new TypeError('An outbox belongs to one client: make another one.');
    this.#attached = true;
    this.#clock = ports.options.clock;
    this.#started = this.#start(outbox, ports);
    return {
      options: ports.options,
      chat: (chatId) => ports.chat(chatId),
      ready: () => ports.ready(),
      get principalId() {
        return ports.principalId;
      },
      get maxTextBytes() {
        return ports.maxTextBytes;
      },
      send: (message) => this.#send(message, ports),
      outgoingChanged: (message) => {
        ports.outgoingChanged(message);
        this.#changed(message, ports);
      },
      withdrawn: (message) => {
        ports.withdrawn(message);
        this.#writes.remove(message.clientMessageId);
      },
      closed: (message) =>
        ports.closed(message) ??
        this.#ofAnother(ports) ??
        (this.#keeps(message) ? null : new ChatError(localErrors.outbox_full, 'Too much is kept to be sent.')),
    };
  }

  async close(): Promise<void> {
    this.#ending.abort();
    await this.#started;
    await this.#writes.end();
    this.#end();
  }

  async clear(): Promise<void> {
    this.#ending.abort();
    await this.#started;
    await this.#writes.end();
    try {
      // Who never held a lane has no locks, and knows of no other page.
      const held = this.#release === null ? [] : await within(this.#clock, this.#lanes.held());
      const kept = await within(this.#clock, this.#store.load(this.#options.principalId));
      const own = kept.filter(({ lane }) => lane === this.#lane || !held.includes(lane));
      await within(this.#clock, this.#store.write([], own));
    } finally {
      this.#end();
    }
  }

  #end(): void {
    this.#lanes.close();
    this.#store.close();
    this.#release?.();
  }

  async #start(outbox: Outbox, ports: OutboxPorts): Promise<void> {
    try {
      await within(
        this.#clock,
        this.#open((left) => this.#restore(outbox, ports, left)),
      );
      this.#become({ kind: 'durable' });
    } catch (thrown) {
      this.#become({
        kind: 'memory',
        reason: new ChatError(localErrors.outbox_unwritable, `All is kept in memory only: ${String(thrown)}`, { cause: thrown }),
      });
    }
    const isOwner = this.#release !== null; // else nobody would take over what this client wrote
    this.#writes.begin(this.#clock, () => outbox.pump(), isOwner);
  }

  async #open(adopt: (left: KeptMessage[]) => void): Promise<void> {
    this.#release = await this.#lanes.hold(this.#lane, this.#ending.signal);
    this.#lanes.listen((lane) => this.#watch(lane, adopt));
    const newestFirst = (await this.#store.load(this.#options.principalId)).sort((a, b) => b.sinceMs - a.sinceMs);
    for (const lane of new Set(newestFirst.map((kept) => kept.lane))) {
      const release = await this.#lanes.tryHold(lane);
      if (release === null) this.#watch(lane, adopt);
      else await this.#takeOver(lane, adopt).finally(release);
    }
    this.#lanes.announce(this.#lane);
    for (const lane of await this.#lanes.held()) this.#watch(lane, adopt);
  }

  /** Waits for the end of another page, and takes over what it leaves. */
  #watch(lane: string, adopt: (left: KeptMessage[]) => void): void {
    if (this.#watched.has(lane) || this.#ending.signal.aborted) return;
    this.#watched.add(lane);
    this.#lanes
      .hold(lane, this.#ending.signal)
      .then((release) => release && this.#takeOver(lane, adopt).finally(release))
      .catch((thrown: unknown) => {
        this.#watched.delete(lane); // it stays where it is; the next page takes it
        this.#become({
          kind: 'memory',
          reason: new ChatError(localErrors.outbox_unwritable, 'What another page left is not to be read.', { cause: thrown }),
        });
      });
  }

  /** Only while its lane is held. */
  async #takeOver(lane: string, adopt: (left: KeptMessage[]) => void): Promise<void> {
    const { principalId, maxAgeMs, now } = this.#options;
    const left = (await this.#store.load(principalId)).filter((kept) => kept.lane === lane).sort((a, b) => a.ordinal - b.ordinal);
    if (left.length === 0 || this.#ending.signal.aborted) return;
    this.#front -= left.length;
    const expired = { code: localErrors.expired, message: 'It waited for too long: send it again, if it is still to be sent.' };
    const moved = left.map((kept, i): KeptMessage => {
      const error = kept.error ?? (now() - kept.sinceMs > maxAgeMs ? expired : null);
      return { ...kept, lane: this.#lane, ordinal: this.#front + i, error };
    });
    await this.#store.write(moved, []);
    adopt(moved.filter((kept) => this.#writes.adopt(kept))); // not what this client has under the same id
  }

  #restore(outbox: Outbox, ports: OutboxPorts, left: readonly KeptMessage[]): void {
    const byChat = new Map<number, QueuedMessage[]>();
    for (const kept of left) {
      const messages = byChat.get(kept.chatId) ?? [];
      byChat.set(kept.chatId, messages);
      messages.push(revived(outbox, kept, this.#clock.now()));
    }
    for (const [chatId, messages] of byChat) {
      outbox.adopt(
        chatId,
        messages.filter((message) => !message.isSettled),
      );
      ports.chat(chatId).adopted(messages);
    }
    outbox.pump();
  }

  #send(message: QueuedMessage, ports: OutboxPorts): Promise<WireSent> | null {
    if (ports.ready() === null || !this.#writes.begun) return null;
    const refused = this.#ofAnother(ports);
    if (refused !== null) {
      message.attempts--; // counted when it departs, which it does not
      return Promise.reject(refused);
    }
    this.#unsure.clear();
    return this.#writes.mayDepart(message.clientMessageId) ? ports.send(message) : null;
  }

  /** Not null when another person was welcomed last: what was written here then is theirs, and is not left to be sent in this one's name. */
  #ofAnother(ports: OutboxPorts): ChatError | null {
    const me = ports.principalId;
    if (me === 0 || me === this.#options.principalId) return null;
    for (const clientMessageId of this.#unsure) this.#writes.remove(clientMessageId);
    this.#unsure.clear();
    return new ChatError(localErrors.outbox_of_another, 'Another person is signed in.');
  }

  #changed(message: QueuedMessage, ports: OutboxPorts): void {
    const { clientMessageId, sequence, state, error } = message;
    const kept = this.#writes.get(clientMessageId);
    if (sequence !== null) this.#writes.remove(clientMessageId);
    else if (kept === undefined) {
      if (state === 'queued' && ports.closed(message) === null && this.#ofAnother(ports) === null)
        this.#keep(message, ports.ready() === null);
    } else if (state === 'queued') {
      if (kept.error !== null)
        this.#writes.set({ ...kept, sinceMs: this.#options.now(), error: null }); // tried again
      else if (kept.content?.link && !message.content?.link) {
        const { link, ...content } = kept.content; // with it, the next page would send another message of the same id
        this.#writes.set({ ...kept, content });
      }
    } else if (error?.code === localErrors.outbox_full) {
      // It was told to be too much. What an earlier page left is not lost for having been tried again at the wrong moment.
      if (kept.ordinal > 0) this.#writes.remove(clientMessageId);
      else this.#writes.set({ ...kept, error: { code: error.code, message: error.message } });
    } else if (kept.error === null && error !== undefined && error.code > 0) {
      this.#writes.set({ ...kept, attempted: false, error: { code: error.code, message: error.message } });
    }
  }

  #keep(message: QueuedMessage, isUnsure: boolean): void {
    const { chatId, clientMessageId, text, replyTo = null, queuedAtMs } = message;
    const { principalId, maxMessages, maxBytes, now } = this.#options;
    const content = JSON.parse(JSON.stringify(message.content ?? null)) as MessageContent | null; // an app's may be a proxy, which no store clones
    if (this.#writes.count >= maxMessages || this.#writes.bytes + bytesOf({ text, content }) > maxBytes) return;
    if (isUnsure) this.#unsure.add(clientMessageId);
    this.#writes.set({
      principalId,
      clientMessageId,
      lane: this.#lane,
      ordinal: ++this.#back,
      chatId,
      text,
      replyTo,
      content,
      queuedAtMs,
      sinceMs: now(),
      attempted: false,
      error: null,
    });
  }

  #keeps(message: QueuedMessage): boolean {
    return this.#ending.signal.aborted || this.#writes.get(message.clientMessageId) !== undefined;
  }

  #become(state: OutboxState): void {
    if (this.#state.kind === state.kind) return;
    this.#state = state;
    try {
      this.#options.changed?.(this);
    } catch (thrown) {
      reportThrown(thrown); // the app's fault is not to stop what sends
    }
  }
}

/** One that is not what it should be, such as a later version's, fails alone: the others go out. */
function revived(outbox: Outbox, kept: KeptMessage, nowMs: number): QueuedMessage {
  try {
    return asKept(outbox, kept, nowMs);
  } catch (thrown) {
    const message = new QueuedMessage(outbox, kept.chatId, kept.clientMessageId, { text: `${kept.text}` }, kept.queuedAtMs);
    message.fail(new ChatError(errorCodes.invalid_argument, `What is kept of it cannot be sent: ${String(thrown)}`));
    return message;
  }
}

function asKept(outbox: Outbox, kept: KeptMessage, nowMs: number): QueuedMessage {
  const { chatId, clientMessageId, text, replyTo, content, queuedAtMs, attempted, error } = kept;
  const words = { text, ...(replyTo === null ? {} : { replyTo }), ...(content === null ? {} : { content }) };
  const message = new QueuedMessage(outbox, chatId, clientMessageId, words, queuedAtMs);
  if (error !== null) message.fail(new ChatError(error.code, error.message));
  if (attempted) {
    message.attempts = 1;
    message.inDoubtSinceMs = nowMs; // it may be under way since the page before
  }
  return message;
}
