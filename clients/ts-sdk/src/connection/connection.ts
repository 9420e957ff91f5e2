import type { FrameTrace } from '../api.js';
import type { Fields, StructOf } from '../codec/fields.js';
import { type closeCodes, disconnectVerdict } from '../codes.js';
import { type Deferred, deferred } from '../deferred.js';
import { asChatError, ChatError } from '../errors.js';
import type { WirePosition } from '../frames/elements.js';
import type { Frame } from '../frames/frame.js';
import type { Goodbye, Push } from '../frames/pushes.js';
import { replies, type Welcome } from '../frames/replies.js';
import { requests } from '../frames/requests.js';
import * as localErrors from '../local-errors.js';
import type { TokenReason, WholeOptions } from '../ports.js';
import { Link } from './link.js';
import { socketUrl } from './socket-url.js';
import { type CloseReason, type ConnectionEvent, type ConnectionState, failuresInARow, transition } from './state.js';

export interface ConnectionHandlers {
  /** What is held, for the hello. */
  positions(): readonly WirePosition[];
  /** Before the state becomes `online`. */
  welcomed(welcome: Welcome): void;
  pushed(push: Push): void;
  changed(from: ConnectionState, to: ConnectionState): void;
}

const protocolVersion = 1;
/** Longer than a REST call takes at most, so that a refresh may say itself why it failed. */
const tokenDeadlineMs = 20_000;
const welcomeDeadlineMs = 15_000;
const wakeProbeMs = 2_000;
const goodbyeDeadlineMs = 5_000;
const callTries = 5;
const tokenExpired: (typeof closeCodes)['token_expired'] = 4400;

/** Keeps one link up: opens it, comes back after a loss, stops where coming back is of no use. */
export class Connection {
  /** The last ones that went by, the oldest first. */
  readonly frames: FrameTrace[] = [];
  state: ConnectionState;
  readonly #options: WholeOptions;
  readonly #url: string;
  readonly #handlers: ConnectionHandlers;
  #link: Link | null = null;
  /** Settled with the next welcome, or the end. */
  #nextLink = deferred<Link>();
  readonly #pauses = new Set<Deferred<void>>();
  #round = 0;
  #goodbye: Goodbye | null = null;
  /** The server said when to come back: no sign from outside shortens that. */
  #heldOff = false;
  #tokenReason: TokenReason = 'connect';
  #cancelTimer: () => void = () => {};
  #stopListening: () => void = () => {};

  constructor(options: WholeOptions, handlers: ConnectionHandlers) {
    this.#options = options;
    this.#handlers = handlers;
    this.state = { kind: 'idle', since: options.clock.now() };
    this.#url = socketUrl(options.url);
  }

  get inFlight(): number {
    return this.#link?.inFlight ?? 0;
  }

  connect(): void {
    if (this.state.kind !== 'idle' && this.state.kind !== 'closed') return;
    this.#stopListening = this.#options.wakeSignals.listen((signal) => this.#woken(signal));
    this.#apply({ kind: 'connect' });
    void this.#open();
  }

  close(): void {
    this.#stop(null);
  }

  /** The link, while online and not being drained. */
  ready(): Link | null {
    return this.state.kind === 'online' && this.#goodbye === null ? this.#link : null;
  }

  /** Asks once; null while there is nobody to ask. */
  readonly tell = <Q extends Fields, R extends Fields>(kind: Frame<Q>, value: StructOf<Q>, reply: Frame<R>): Promise<StructOf<R>> | null =>
    this.ready()?.request(kind, value, reply) ?? null;

  /** Asks over reconnects, and again after errors that may be tried again; a few times, then it rejects with the last one. */
  readonly call = async <Q extends Fields, R extends Fields>(kind: Frame<Q>, value: StructOf<Q>, reply: Frame<R>): Promise<StructOf<R>> => {
    for (let attempt = 1; ; attempt++) {
      this.#throwIfClosed();
      const link = this.ready() ?? (await this.#nextLink.promise);
      try {
        return await link.request(kind, value, reply);
      } catch (thrown) {
        const error = asChatError(thrown);
        if (!error.retryable || attempt === callTries) throw error;
        // A lost link needs no wait of its own: the next one is waited for.
        if (error.code > 0) await this.#pauseAfter(error, attempt);
      }
    }
  };

  /** Rejects when the connection is closed for good. */
  async pause(ms: number): Promise<void> {
    this.#throwIfClosed();
    const pause = deferred<void>();
    this.#pauses.add(pause);
    const cancel = this.#options.clock.after(ms, pause.resolve);
    return pause.promise.finally(() => {
      cancel();
      this.#pauses.delete(pause);
    });
  }

  #pauseAfter(error: ChatError, attempt: number): Promise<void> {
    const { retryPolicy, random } = this.#options;
    return this.pause(Math.max(error.retryAfterMs ?? 0, retryPolicy(attempt, random)));
  }

  /** What a call is told while closed for good: a local error, since nothing was said about the call itself. */
  closedError(): ChatError | null {
    if (this.state.kind !== 'closed') return null;
    const { reason } = this.state;
    return new ChatError(localErrors.connection_closed, 'The client is not connected.', {
      cause: reason && new ChatError(reason.code, reason.text),
    });
  }

  #throwIfClosed(): void {
    const closed = this.closedError();
    if (closed !== null) throw closed;
  }

  async #open(): Promise<void> {
    const round = ++this.#round;
    this.#awaitToken(tokenDeadlineMs);
    try {
      const token = await this.#options.token(this.#tokenReason);
      if (round === this.#round) this.#dial(token);
    } catch (thrown) {
      if (round === this.#round) this.#notOpened(asChatError(thrown));
    }
  }

  #dial(token: string): void {
    const link = new Link(this.#options, this.#url, this.frames, {
      opened: () => this.#greet(link, token),
      pushed: (push) => this.#pushed(link, push),
      idle: () => this.#finishGoodbye(),
      ended: (code, reason) => {
        if (this.#link === link) this.#lost(code, reason);
      },
    });
    this.#link = link;
    this.#setTimer(welcomeDeadlineMs, () => link.end(0, 'no welcome'));
  }

  #awaitToken(ms: number): void {
    this.#setTimer(ms, () => this.#lost(0, 'no token'));
  }

  #greet(link: Link, token: string): void {
    const { clientName } = this.#options;
    const hello = { protocolVersion, token, clientName, positions: this.#handlers.positions() };
    link.request(requests.hello, hello, replies.welcome).then(
      (welcome) => {
        if (this.#link === link) this.#online(link, welcome);
      },
      (error: ChatError) => {
        if (error.code > 0) link.end(0, error.message); // a refused hello closes; an error reply is the server's fault
      },
    );
  }

  #online(link: Link, welcome: Welcome): void {
    this.#cancelTimer();
    this.#tokenReason = 'connect';
    link.keepAlive(Math.max(1_000, welcome.pingIntervalMs));
    this.#handlers.welcomed(welcome);
    this.#apply({ kind: 'welcomed', sessionId: welcome.sessionId });
    this.#nextLink.resolve(link);
    this.#nextLink = deferred();
  }

  #notOpened(error: ChatError): void {
    if (error.retryable) this.#lost(0, `no connection: ${error.message}`, error.retryAfterMs);
    else this.#stop({ code: error.code, text: error.message, retryable: false });
  }

  #pushed(link: Link, push: Push): void {
    if (push.kind === 'tokenExpiring') void this.#renewToken(link);
    else if (push.kind === 'goodbye') {
      this.#goodbye = push.value;
      this.#setTimer(goodbyeDeadlineMs, () => this.#finishGoodbye(true));
      this.#finishGoodbye();
    } else this.#handlers.pushed(push);
  }

  /** Until the session has another token, as long as that may succeed: it goes on with the old one, whose end closes it with 4400. */
  async #renewToken(link: Link): Promise<void> {
    for (let attempt = 1; this.#link === link; attempt++) {
      try {
        const token = await this.#options.token('expiring');
        if (this.#link === link) await link.request(requests.authenticate, { token }, replies.ok);
        return;
      } catch (thrown) {
        const error = asChatError(thrown);
        this.#options.logger.warn(`token not renewed: ${error.message}`);
        if (!error.retryable || this.#link !== link) return;
        await this.#pauseAfter(error, attempt).catch(() => {}); // closed: so is the link
      }
    }
  }

  /** After a goodbye the link ends as soon as nothing is in flight (§6.31). */
  #finishGoodbye(overdue = false): void {
    if (this.#goodbye !== null && (overdue || this.inFlight === 0)) this.#link?.end(this.#goodbye.code, this.#goodbye.reason);
  }

  #lost(code: number, text: string, afterMs?: number): void {
    const goodbye = this.#goodbye;
    this.#letGo();
    const verdict = disconnectVerdict(code);
    const reason: CloseReason = { code, text, retryable: verdict !== 'stop' };
    if (!reason.retryable) {
      this.#stop(reason);
      return;
    }
    if (verdict === 'come_back_with_new_token') this.#tokenReason = code === tokenExpired ? 'expired' : 'rejected';
    const { retryPolicy, random, clock } = this.#options;
    const wishMs = goodbye?.reconnectAfterMs ?? afterMs;
    this.#heldOff = wishMs !== undefined;
    const retryInMs = wishMs ?? retryPolicy(failuresInARow(this.state, clock.now()), random);
    this.#setTimer(retryInMs, () => this.#retry());
    this.#apply({ kind: 'lost', reason, retryInMs });
  }

  #retry(): void {
    this.#cancelTimer();
    this.#apply({ kind: 'retry' });
    void this.#open();
  }

  #woken(signal: 'online' | 'visible'): void {
    if (this.state.kind === 'waiting' && !this.#heldOff) this.#retry();
    else if (this.state.kind === 'connecting' && this.#link === null) this.#awaitToken(wakeProbeMs);
    else if (this.state.kind === 'online' && signal === 'visible') this.#link?.probe(wakeProbeMs);
  }

  #stop(reason: CloseReason | null): void {
    if (this.state.kind === 'closed') return;
    this.#stopListening();
    this.#letGo()?.end(1000, 'closed by the client');
    this.#apply({ kind: 'stop', reason });
    const closed = this.closedError();
    if (closed === null) return; // a listener connected again
    for (const waiting of [this.#nextLink, ...this.#pauses]) waiting.reject(closed);
    this.#nextLink = deferred();
  }

  /** Of the link and what hangs on it; a token that is still awaited comes too late. */
  #letGo(): Link | null {
    const link = this.#link;
    this.#link = null;
    this.#goodbye = null;
    this.#round++;
    this.#cancelTimer();
    return link;
  }

  /** There is one timer: what is waited for last. */
  #setTimer(ms: number, action: () => void): void {
    this.#cancelTimer();
    this.#cancelTimer = this.#options.clock.after(ms, action);
  }

  #apply(event: ConnectionEvent): void {
    const from = this.state;
    this.state = transition(from, event, this.#options.clock.now());
    if (this.state !== from) this.#handlers.changed(from, this.state);
  }
}
