import { systemClock } from '../defaults.js';
import { ChatError } from '../errors.js';
import * as localErrors from '../local-errors.js';
import type { Clock, KeptMessage, OutboxStore } from '../ports.js';
import type { OutboxState } from './outbox-state.js';
import { NoAnswer, within } from './within.js';

type Id = Pick<KeptMessage, 'principalId' | 'clientMessageId'>;

interface Held {
  readonly kept: KeptMessage;
  readonly bytes: number;
  /** `failed`: the store did not take it, or is not asked for the moment; it is given again with the next write. */
  state: 'due' | 'written' | 'failed';
}

/** After so many failures one after another, the store is asked by the clock only, and nothing waits for it. */
const mostFailures = 3;
const firstPauseMs = 1_000;
const longestPauseMs = 60_000;

/** What is kept, and its way to the store: one write after another, each with all that changed since the one before. */
export class KeptWrites {
  readonly #store: OutboxStore;
  readonly #told: (state: OutboxState) => void;
  readonly #held = new Map<string, Held>();
  /** What the store has otherwise than it is held, or still has. */
  readonly #due = new Map<string, Id>();
  /** What the store has, or may have: it was given to a write that was not refused. */
  readonly #stored = new Set<string>();
  #bytes = 0;
  #writing: Promise<void> | null = null;
  #phase: 'starting' | 'writing' | 'memory' | 'ended' = 'starting';
  #pump = (): void => {};
  #clock: Clock = systemClock;
  /** Writes that failed since the last that did not. */
  #failures = 0;
  /** Not null until the store may be asked again. */
  #cancelTimer: (() => void) | null = null;

  /** `told` of each outcome. */
  constructor(store: OutboxStore, told: (state: OutboxState) => void) {
    this.#store = store;
    this.#told = told;
  }

  get begun(): boolean {
    return this.#phase !== 'starting';
  }

  get count(): number {
    return this.#held.size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** From now on it is written; `pump` is called when something may go out that had to wait. */
  begin(clock: Clock, pump: () => void, durable: boolean): void {
    this.#clock = clock;
    if (this.#phase === 'starting') this.#phase = durable ? 'writing' : 'memory';
    this.#pump = pump;
    this.#schedule();
    pump();
  }

  /** Writes what is due, and nothing afterwards. */
  async end(): Promise<void> {
    while (this.#writing !== null) await this.#writing;
    this.#cancelTimer?.();
    const isOwed = this.#phase === 'writing' && this.#due.size > 0;
    this.#phase = 'ended';
    if (isOwed) await this.#write();
  }

  get(clientMessageId: string): KeptMessage | undefined {
    return this.#held.get(clientMessageId)?.kept;
  }

  set(kept: KeptMessage): void {
    const { principalId, clientMessageId } = kept;
    this.#hold(kept, this.#isResting ? 'failed' : 'due');
    this.#due.set(clientMessageId, { principalId, clientMessageId });
    this.#schedule();
  }

  /** Takes what the store has already; false if it is held. */
  adopt(kept: KeptMessage): boolean {
    if (this.#held.has(kept.clientMessageId)) return false;
    this.#hold(kept, 'written');
    this.#stored.add(kept.clientMessageId);
    return true;
  }

  remove(clientMessageId: string): void {
    const held = this.#held.get(clientMessageId);
    if (held === undefined) return;
    this.#bytes -= held.bytes;
    this.#held.delete(clientMessageId);
    if (this.#stored.has(clientMessageId)) this.#due.set(clientMessageId, { principalId: held.kept.principalId, clientMessageId });
    else this.#due.delete(clientMessageId);
    this.#schedule();
  }

  /** True once it is written that it may have gone out, or that cannot be written. */
  mayDepart(clientMessageId: string): boolean {
    const held = this.#held.get(clientMessageId);
    if (held === undefined || this.#phase === 'memory' || this.#phase === 'ended') return true;
    if (!held.kept.attempted) this.set({ ...held.kept, attempted: true });
    return this.#held.get(clientMessageId)?.state !== 'due';
  }

  get #isResting(): boolean {
    return this.#failures >= mostFailures;
  }

  #hold(kept: KeptMessage, state: Held['state']): void {
    const bytes = bytesOf(kept);
    this.#bytes += bytes - (this.#held.get(kept.clientMessageId)?.bytes ?? 0);
    this.#held.set(kept.clientMessageId, { kept, bytes, state });
  }

  #schedule(): void {
    if (!this.#isResting || this.#cancelTimer === null) this.#start();
  }

  /** At the end of the turn, so that one write has all of it. */
  #start(): void {
    if (this.#phase !== 'writing' || this.#due.size === 0 || this.#writing !== null) return;
    this.#cancelTimer?.();
    this.#cancelTimer = null;
    this.#writing = Promise.resolve()
      .then(() => this.#write())
      .then(() => this.#pump());
  }

  /** In the turn in which a write ended: what is set from now on begins another one. */
  #ended(isMore: boolean): void {
    this.#writing = null;
    if (isMore) this.#schedule();
    else if (this.#failures > 0 && this.#phase === 'writing') this.#startLater();
  }

  #startLater(): void {
    const pauseMs = Math.min(longestPauseMs, firstPauseMs * 2 ** (this.#failures - 1));
    this.#cancelTimer = this.#clock.after(pauseMs, () => {
      this.#cancelTimer = null;
      this.#start();
    });
  }

  /** What the store does not take stays due. */
  async #write(): Promise<void> {
    const ids = [...this.#due.values()];
    this.#due.clear();
    const puts = ids.flatMap(({ clientMessageId }) => this.#held.get(clientMessageId) ?? []);
    const deletes = ids.filter(({ clientMessageId }) => !this.#held.has(clientMessageId));
    const fresh = ids.filter(({ clientMessageId }) => !this.#stored.has(clientMessageId));
    for (const { clientMessageId } of fresh) this.#stored.add(clientMessageId); // what is taken back during the write is to be deleted
    try {
      const writing = this.#store.write(
        puts.map(({ kept }) => kept),
        deletes,
      );
      await within(this.#clock, writing);
    } catch (thrown) {
      if (!(thrown instanceof NoAnswer)) for (const { clientMessageId } of fresh) this.#forget(clientMessageId);
      const isMore = this.#due.size > 0; // given during the write
      for (const id of ids) if (this.#isOwed(id.clientMessageId)) this.#due.set(id.clientMessageId, id);
      this.#failures++;
      for (const held of puts) held.state = 'failed';
      if (this.#isResting) for (const held of this.#held.values()) if (held.state === 'due') held.state = 'failed';
      this.#told({
        kind: 'memory',
        reason: new ChatError(localErrors.outbox_unwritable, `Some is kept in memory only: ${String(thrown)}`, { cause: thrown }),
      });
      this.#ended(isMore && !this.#isResting);
      return;
    }
    this.#failures = 0;
    for (const held of puts) held.state = 'written';
    for (const { clientMessageId } of deletes) if (!this.#held.has(clientMessageId)) this.#stored.delete(clientMessageId);
    this.#told({ kind: 'durable' });
    this.#ended(true);
  }

  /** The store has nothing under this id for certain: there is nothing to delete. */
  #forget(clientMessageId: string): void {
    this.#stored.delete(clientMessageId);
    if (!this.#held.has(clientMessageId)) this.#due.delete(clientMessageId);
  }

  /** It is to be put, or to be deleted. */
  #isOwed(clientMessageId: string): boolean {
    return this.#held.has(clientMessageId) || this.#stored.has(clientMessageId);
  }
}

/** About what it takes in a store. */
export function bytesOf({ text, content }: Pick<KeptMessage, 'text' | 'content'>): number {
  return new TextEncoder().encode(text + JSON.stringify(content)).length;
}
