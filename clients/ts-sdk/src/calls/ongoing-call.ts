import { errorCodes } from '../codes.js';
import { Emitter } from '../emitter.js';
import { asChatError, type ChatError } from '../errors.js';
import type { Clock } from '../ports.js';
import type { WireSignal } from './frames.js';
import type { CallRecord, OngoingCall, OngoingCallEvents, SignalKind } from './records.js';
import { SignalOrder } from './signal-order.js';

/** Numbers of protocol-spec.md §6.39. */
const signalKinds: Readonly<Record<SignalKind, number>> = { offer: 1, answer: 2, candidate: 3, restart: 4 };
/** Signs of life in the time that the service gives for one. */
const keepsPerLease = 3;
const maxHeld = 200;

export interface OngoingCallPorts {
  readonly clock: Clock;
  me(): number;
  signal(signal: { callId: number; endpointId: string; to: number; sequence: number; kind: number; body: string }): Promise<unknown>;
  keep(callId: number, endpointId: string): Promise<unknown>;
  end(callId: number): Promise<unknown>;
  failed(error: ChatError): void;
  /** It is over; told once. */
  over(call: LiveOngoingCall): void;
}

export class LiveOngoingCall implements OngoingCall {
  readonly record: CallRecord;
  readonly endpointId: string;
  over: OngoingCallEvents['ended'] | null = null;
  readonly #ports: OngoingCallPorts;
  readonly #emitter = new Emitter<OngoingCallEvents>();
  readonly #others = new Set<number>();
  readonly #order = new SignalOrder();
  /** The place of each participant, and those of which one has heard that they left: what comes from these is late. */
  readonly #places = new Map<number, string>();
  readonly #gone = new Set<string>();
  /** One signal after another: the next goes out when the one before has its reply. */
  #sending: Promise<unknown> = Promise.resolve();
  /** Until somebody listens to signals. */
  #held: WireSignal[] | null = [];
  #cancelKeep: () => void = () => {};

  constructor(record: CallRecord, endpointId: string, keepWithinMs: number, ports: OngoingCallPorts) {
    this.record = record;
    this.endpointId = endpointId;
    this.#ports = ports;
    for (const { principalId, part } of record.participants) {
      if (part === 'in' && principalId !== ports.me()) this.#others.add(principalId);
    }
    if (record.part !== 'in') this.over = record.status === 'declined' || record.status === 'missed' ? record.status : 'ended';
    else this.#keepAfter(keepWithinMs / keepsPerLease);
  }

  get callId(): number {
    return this.record.callId;
  }

  get others(): ReadonlySet<number> {
    return this.#others;
  }

  on<K extends keyof OngoingCallEvents>(event: K, handler: (payload: OngoingCallEvents[K]) => void): () => void {
    const stop = this.#emitter.on(event, handler);
    if (event === 'signal') queueMicrotask(() => this.#release());
    return stop;
  }

  signal(to: number, kind: SignalKind, body: string): void {
    if (this.over !== null) return;
    const { callId, endpointId } = this;
    const sequence = this.#order.next(to);
    this.#sending = this.#sending
      .then(() =>
        this.over === null ? this.#ports.signal({ callId, endpointId, to, sequence, kind: signalKinds[kind], body }) : undefined,
      )
      .catch((thrown: unknown) => {
        // Whoever left meanwhile is told by the inbox; whatever else was lost shows to the other one as a hole.
        const error = asChatError(thrown);
        if (error.code !== errorCodes.call_not_found.code && this.over === null) this.#ports.failed(error);
      });
  }

  async end(): Promise<void> {
    if (this.over !== null) return;
    await this.#ports.end(this.callId);
    this.finish('ended');
  }

  /** Somebody takes part. */
  join(principalId: number): void {
    if (this.over !== null || principalId === this.#ports.me() || this.#others.has(principalId)) return;
    this.#others.add(principalId);
    this.#emitter.emit('joined', principalId);
  }

  leave(principalId: number): void {
    const place = this.#places.get(principalId);
    if (place !== undefined) this.#gone.add(place);
    this.#places.delete(principalId);
    this.#order.forget(principalId);
    if (this.#others.delete(principalId)) this.#emitter.emit('left', principalId);
  }

  take(signal: WireSignal): void {
    if (this.#held === null) this.#apply(signal);
    else if (this.#held.length < maxHeld) this.#held.push(signal); // what is too much is a hole
  }

  #release(): void {
    const held = this.#held ?? [];
    this.#held = null;
    for (const signal of held) this.#apply(signal);
  }

  #apply({ from, endpointId, sequence, kind, body }: WireSignal): void {
    if (this.over !== null || this.#gone.has(endpointId)) return;
    const before = this.#places.get(from);
    if (before !== undefined && before !== endpointId) this.leave(from); // it left and came back, and the inbox has not said so yet
    this.#places.set(from, endpointId);
    this.join(from);
    const verdict = this.#order.judge(from, endpointId, sequence);
    if (verdict === 'known') return;
    if (verdict === 'hole') this.#emitter.emit('hole', from);
    for (const [name, number] of Object.entries(signalKinds)) {
      if (number === kind) this.#emitter.emit('signal', { from, kind: name as SignalKind, body });
    }
  }

  finish(how: OngoingCallEvents['ended']): void {
    if (this.over !== null) return;
    this.over = how;
    this.#cancelKeep();
    this.#ports.over(this);
    this.#emitter.emit('ended', how);
  }

  #keepAfter(ms: number): void {
    this.#cancelKeep = this.#ports.clock.after(ms, () => void this.#keep(ms));
  }

  async #keep(ms: number): Promise<void> {
    try {
      await this.#ports.keep(this.callId, this.endpointId);
    } catch (thrown) {
      const error = asChatError(thrown);
      if (error.code === errorCodes.call_not_found.code) {
        this.finish('ended'); // one is out of it; the inbox may say so later
        return;
      }
      if (this.over === null && !error.retryable) this.#ports.failed(error);
    }
    if (this.over === null) this.#keepAfter(ms);
  }
}
