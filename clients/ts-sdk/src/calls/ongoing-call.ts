import { Emitter } from '../emitter.js';
import * as errorCodes from '../error-codes.js';
import { asChatError, type ChatError } from '../errors.js';
import type { Clock } from '../ports.js';
import type { WireSignal } from './frames.js';
import type { CallRecord, OngoingCall, OngoingCallEvents, SignalKind } from './records.js';
import { SignalOrder } from './signal-order.js';

/** Numbers of protocol-spec.md §6.39. */
const signalKinds: Readonly<Record<SignalKind, number>> = { offer: 1, answer: 2, candidate: 3, restart: 4 };
/** Signs of life in the time that the service gives for one, and how long one is waited for: then it is given again. */
const keepsPerLease = 3;
const waitsPerLease = 6;
const maxHeld = 200;

export interface OngoingCallPorts {
  readonly clock: Clock;
  me(): number;
  signal(signal: { callId: number; endpointId: string; to: number; sequence: number; kind: number; body: string }): Promise<unknown>;
  keep(callId: number, endpointId: string): Promise<unknown>;
  end(callId: number, endpointId: string): Promise<unknown>;
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
    else this.#keepAfter(keepWithinMs / keepsPerLease, keepWithinMs);
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
        if (error.code !== errorCodes.call_not_found && this.over === null) this.#ports.failed(error);
      });
  }

  async end(): Promise<void> {
    if (this.over !== null) return;
    this.finish('ended'); // one has hung up; where the service cannot be told, it sees that by the silence
    await this.#ports.end(this.callId, this.endpointId);
  }

  /** Somebody takes part. */
  join(principalId: number): void {
    if (this.over !== null || principalId === this.#ports.me() || this.#others.has(principalId)) return;
    this.#others.add(principalId);
    this.#emitter.emit('joined', principalId);
  }

  /** @param place Where, if the service said so. One who signals from another place by now has come back, and left only the one before. */
  leave(principalId: number, place?: string): void {
    const known = this.#places.get(principalId);
    const left = place ?? known;
    if (left !== undefined) this.#gone.add(left);
    if (known !== undefined && known !== left) return;
    this.#places.delete(principalId);
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

  #keepAfter(ms: number, lease: number): void {
    this.#cancelKeep = this.#ports.clock.after(ms, () => void this.#keep(lease));
  }

  /** A request may wait longer for its reply, on a connection that is dead already, than the service waits for a sign of life. */
  async #keep(lease: number): Promise<void> {
    let next = lease / keepsPerLease;
    let stopWaiting: () => void = () => {};
    const late = new Promise<void>((resolve) => {
      stopWaiting = this.#ports.clock.after(lease / waitsPerLease, () => {
        next = 0;
        resolve();
      });
    });
    this.#cancelKeep = stopWaiting;
    try {
      await Promise.race([this.#ports.keep(this.callId, this.endpointId), late]);
    } catch (thrown) {
      next = lease / waitsPerLease;
      const error = asChatError(thrown);
      if (error.code === errorCodes.call_not_found) {
        this.finish('ended'); // one is out of it; the inbox may say so later
        return;
      }
      if (this.over === null && !error.retryable) this.#ports.failed(error);
    } finally {
      stopWaiting();
    }
    if (this.over === null) this.#keepAfter(next, lease);
  }
}
