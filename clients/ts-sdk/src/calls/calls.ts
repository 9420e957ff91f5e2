import { queryOf } from '../account/query.js';
import { callSignedIn } from '../account/signed-in.js';
import type { ChatClient, ClientOptions, InboxEvent } from '../api.js';
import { hearPush } from '../connection/hear-push.js';
import { systemClock } from '../defaults.js';
import { Emitter } from '../emitter.js';
import * as errorCodes from '../error-codes.js';
import { asChatError, ChatError } from '../errors.js';
import { replies } from '../frames/replies.js';
import * as inboxKinds from '../inbox-kinds.js';
import { newId } from '../outbox/outbox.js';
import type { Clock } from '../ports.js';
import { type CallFetch, CallRest, type JoinedCall } from './call-rest.js';
import { callPushes, callRequests, type WireSignal } from './frames.js';
import { LiveOngoingCall } from './ongoing-call.js';
import type { CallKind, CallPage, CallRecord, CallStatistics, Calls, CallsEvents, IceServer, OngoingCall } from './records.js';

/** What comes for a call that is being started or answered waits for the reply; more than this is not worth keeping. */
const maxEarly = 200;
const tries = 4;
const retryMs = 500;

export interface CallsOptions extends Pick<ClientOptions, 'url' | 'token'> {
  clock?: Clock;
}

/** Takes the client, and its address and tokens. One for each client. */
export function createCalls(client: ChatClient, options: CallsOptions): Calls {
  const fetch: CallFetch = (method, path, body) => callSignedIn(options.url, options.token, { method, path, body });
  return new LiveCalls(client, fetch, options.clock ?? systemClock);
}

type Early = { readonly event: InboxEvent } | { readonly signal: WireSignal };

export class LiveCalls implements Calls {
  readonly #client: Pick<ChatClient, 'on' | 'me' | 'wire'>;
  readonly #rest: CallRest;
  readonly #clock: Clock;
  readonly #emitter = new Emitter<CallsEvents>();
  readonly #ongoing = new Map<number, LiveOngoingCall>();
  /** Calls that ring here, and whether that was told: it is not while one asks whether they still do. */
  readonly #ringing = new Map<number, boolean>();
  /** Starts and answers under way, and what came meanwhile of calls that are none of the ongoing ones. */
  #joining = 0;
  #early: Early[] = [];
  readonly #stop: (() => void)[];

  constructor(client: Pick<ChatClient, 'on' | 'me' | 'wire'>, fetch: CallFetch, clock: Clock) {
    this.#client = client;
    this.#rest = new CallRest(fetch);
    this.#clock = clock;
    this.#stop = [
      client.on('inbox', (event) => {
        if (event.kind >= inboxKinds.call_ringing && event.kind <= inboxKinds.call_ended) this.#hear(event);
      }),
      hearPush(client, 'callSignal', callPushes.callSignal, (signal) => this.#take(signal)),
    ];
  }

  on<K extends keyof CallsEvents>(event: K, handler: (payload: CallsEvents[K]) => void): () => void {
    return this.#emitter.on(event, handler);
  }

  start(chatId: number, kind: CallKind): Promise<OngoingCall> {
    return this.#join((endpointId) => this.#rest.start(chatId, kind, endpointId));
  }

  async answer(callId: number): Promise<OngoingCall> {
    try {
      const call = await this.#join((endpointId) => this.#rest.answer(callId, endpointId));
      this.#ringing.delete(callId); // it rings no more, by our own doing
      return call;
    } catch (thrown) {
      const { code } = asChatError(thrown);
      if (code === errorCodes.answered_elsewhere) this.#silence(callId, 'answered_elsewhere');
      if (code === errorCodes.call_ended || code === errorCodes.call_not_found) this.#silence(callId, 'ended');
      throw thrown;
    }
  }

  async decline(callId: number): Promise<void> {
    await this.#insist(() => this.#rest.decline(callId));
    this.#silence(callId, 'declined');
  }

  find(callId: number): Promise<CallRecord> {
    return this.#rest.find(callId);
  }

  async active(): Promise<readonly CallRecord[]> {
    const { calls } = await this.#rest.list('/api/calls/active');
    for (const { callId, part, endedAt } of calls) {
      if (part === 'ringing' && endedAt === null && !this.#ongoing.has(callId)) this.#ringing.set(callId, true);
    }
    return calls;
  }

  history(
    options: { direction?: 'incoming' | 'outgoing' | 'missed'; cursor?: string | undefined; limit?: number } = {},
  ): Promise<CallPage> {
    return this.#rest.list(`/api/calls${queryOf(options)}`);
  }

  statistics({ from, to }: { from?: Date; to?: Date } = {}): Promise<CallStatistics> {
    return this.#rest.statistics(queryOf({ from: from?.toISOString(), to: to?.toISOString() }));
  }

  iceServers(): Promise<IceServer[]> {
    return this.#rest.iceServers();
  }

  close(): void {
    for (const stop of this.#stop.splice(0)) stop();
  }

  /** Starts or answers under one id, again and again where the outcome is unknown: the same id is the same call. */
  async #join(ask: (endpointId: string) => Promise<JoinedCall>): Promise<OngoingCall> {
    const endpointId = newId();
    this.#joining++;
    try {
      const { record, keepWithinMs } = await this.#insist(() => ask(endpointId));
      const call = new LiveOngoingCall(record, endpointId, keepWithinMs, {
        clock: this.#clock,
        me: () => this.#client.me?.principalId ?? 0,
        signal: (signal) => this.#client.wire.call(callRequests.signalCall, signal, replies.ok),
        keep: (callId, place) => this.#client.wire.call(callRequests.keepCall, { callId, endpointId: place }, replies.ok),
        end: (callId, place) => this.#insist(() => this.#rest.end(callId, place), keepWithinMs),
        failed: (error) => this.#emitter.emit('error', error),
        over: ({ callId }) => this.#ongoing.delete(callId),
      });
      if (call.over === null) this.#ongoing.set(call.callId, call);
      this.#ringing.delete(call.callId);
      this.#replay(call.callId);
      return call;
    } finally {
      this.#joining--;
      if (this.#joining === 0) this.#replayAll();
    }
  }

  /** Some tries, and more of them until a time is over. */
  async #insist<T>(ask: () => Promise<T>, withinMs = 0): Promise<T> {
    const until = this.#clock.now() + withinMs;
    for (let attempt = 1; ; attempt++) {
      try {
        return await ask();
      } catch (thrown) {
        const error = asChatError(thrown);
        if (!error.retryable || (attempt >= tries && this.#clock.now() >= until)) throw error;
        const pauseMs = error.retryAfterMs ?? retryMs * Math.min(attempt, tries);
        await new Promise<void>((resolve) => this.#clock.after(pauseMs, resolve));
      }
    }
  }

  #replay(callId: number): void {
    const [mine, rest] = [this.#early.filter((one) => callOf(one) === callId), this.#early.filter((one) => callOf(one) !== callId)];
    this.#early = rest;
    for (const one of mine) this.#apply(one);
  }

  #replayAll(): void {
    for (const one of this.#early.splice(0)) this.#apply(one);
  }

  #take(signal: WireSignal): void {
    const call = this.#ongoing.get(signal.callId);
    if (call !== undefined) call.take(signal);
    else if (this.#joining > 0) this.#keepEarly({ signal });
  }

  #hear(event: InboxEvent): void {
    if (event.subjectId === null) return;
    const isOpen = this.#joining > 0 && !this.#ongoing.has(event.subjectId) && event.kind !== inboxKinds.call_ringing;
    if (isOpen) this.#keepEarly({ event });
    else this.#apply({ event });
  }

  #keepEarly(one: Early): void {
    if (this.#early.length < maxEarly) this.#early.push(one);
  }

  #apply(one: Early): void {
    if ('signal' in one) this.#ongoing.get(one.signal.callId)?.take(one.signal);
    else this.#tell(one.event);
  }

  #tell({ kind, senderId, subjectId, text }: InboxEvent): void {
    const callId = subjectId ?? 0;
    const call = this.#ongoing.get(callId);
    const [word = '', place] = (text ?? '').split(' ');
    if (kind === inboxKinds.call_ringing) void this.#ring(callId);
    else if (kind === inboxKinds.call_ended) {
      const how = word === 'declined' || word === 'missed' ? word : 'ended';
      call?.finish(how);
      this.#silence(callId, how);
      if (how === 'missed' && senderId !== this.#client.me?.principalId) this.#emitter.emit('missed', { callId, callerId: senderId });
    } else if (senderId === this.#client.me?.principalId) {
      // Ended by oneself, perhaps on another device; what a place before this one did is no matter.
      if (word === 'left') {
        if (place === undefined || place === call?.endpointId) call?.finish('ended');
      } else if (call === undefined) this.#silence(callId, word === 'declined' ? 'declined' : 'answered_elsewhere');
    } else if (word === 'answered') call?.join(senderId);
    else if (word === 'left') call?.leave(senderId, place);
  }

  /** What the inbox says may be old: it rings only if it rings now. */
  async #ring(callId: number): Promise<void> {
    if (this.#ringing.has(callId) || this.#ongoing.has(callId)) return;
    this.#ringing.set(callId, false);
    try {
      const record = await this.#insist(() => this.#rest.find(callId));
      const rings = record.part === 'ringing' && record.endedAt === null;
      if (!rings) this.#ringing.delete(callId);
      else if (this.#ringing.has(callId)) {
        this.#ringing.set(callId, true);
        this.#emitter.emit('ringing', record);
      }
    } catch (thrown) {
      this.#ringing.delete(callId);
      if (thrown instanceof ChatError && thrown.code === errorCodes.call_not_found) return;
      this.#emitter.emit('error', asChatError(thrown));
    }
  }

  #silence(callId: number, why: CallsEvents['stopped']['why']): void {
    const wasTold = this.#ringing.get(callId) === true;
    this.#ringing.delete(callId);
    if (wasTold) this.#emitter.emit('stopped', { callId, why });
  }
}

function callOf(one: Early): number {
  return 'signal' in one ? one.signal.callId : (one.event.subjectId ?? 0);
}
