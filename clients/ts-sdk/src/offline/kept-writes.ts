import { systemClock } from '../defaults.js';
import { localError } from '../errors.js';
import type { Clock, KeptMessage, OutboxStore } from '../ports.js';
import type { OutboxState } from './outbox-state.js';
import { within } from './within.js';

type Id = Pick<KeptMessage, 'principalId' | 'clientMessageId'>;

interface Held {
  readonly kept: KeptMessage;
  readonly bytes: number;
  /** `failed`: the store did not take it; it is given again with the next change. */
  state: 'due' | 'written' | 'failed';
}

/** What is kept, and its way to the store: one write after another, each with all that changed since the one before. */
export class KeptWrites {
  readonly #store: OutboxStore;
  readonly #told: (state: OutboxState) => void;
  readonly #held = new Map<string, Held>();
  /** What the store has otherwise than it is held, or still has. */
  readonly #due = new Map<string, Id>();
  #bytes = 0;
  #writing: Promise<void> | null = null;
  #phase: 'starting' | 'writing' | 'memory' | 'ended' = 'starting';
  #pump = (): void => {};
  #clock: Clock = systemClock;

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
    await this.#writing;
    if (this.#phase === 'writing' && this.#due.size > 0) await this.#write();
    this.#phase = 'ended';
  }

  get(clientMessageId: string): KeptMessage | undefined {
    return this.#held.get(clientMessageId)?.kept;
  }

  set(kept: KeptMessage): void {
    this.#hold(kept, 'due');
    this.#due.set(kept.clientMessageId, kept);
    this.#schedule();
  }

  /** Takes what the store has already; false if it is held. */
  adopt(kept: KeptMessage): boolean {
    if (this.#held.has(kept.clientMessageId)) return false;
    this.#hold(kept, 'written');
    return true;
  }

  remove(clientMessageId: string): void {
    const held = this.#held.get(clientMessageId);
    if (held === undefined) return;
    this.#bytes -= held.bytes;
    this.#held.delete(clientMessageId);
    this.#due.set(clientMessageId, held.kept);
    this.#schedule();
  }

  /** True once it is written that it may have gone out, or that cannot be written. */
  mayDepart(clientMessageId: string): boolean {
    const held = this.#held.get(clientMessageId);
    if (held === undefined || this.#phase === 'memory' || this.#phase === 'ended') return true;
    if (held.kept.attempted) return held.state !== 'due';
    this.set({ ...held.kept, attempted: true });
    return false;
  }

  #hold(kept: KeptMessage, state: Held['state']): void {
    const bytes = bytesOf(kept);
    this.#bytes += bytes - (this.#held.get(kept.clientMessageId)?.bytes ?? 0);
    this.#held.set(kept.clientMessageId, { kept, bytes, state });
  }

  /** At the end of the turn, so that one write has all of it. */
  #schedule(): void {
    if (this.#phase !== 'writing' || this.#due.size === 0 || this.#writing !== null) return;
    this.#writing = Promise.resolve()
      .then(() => this.#write())
      .then((written) => {
        this.#writing = null;
        if (written) this.#schedule();
        this.#pump();
      });
  }

  /** False if the store took none of it: it stays due. */
  async #write(): Promise<boolean> {
    const ids = [...this.#due.values()];
    this.#due.clear();
    const puts = ids.flatMap(({ clientMessageId }) => this.#held.get(clientMessageId) ?? []);
    const deletes = ids.filter(({ clientMessageId }) => !this.#held.has(clientMessageId));
    try {
      const writing = this.#store.write(
        puts.map(({ kept }) => kept),
        deletes,
      );
      await within(this.#clock, writing);
    } catch (thrown) {
      for (const held of puts) held.state = 'failed';
      for (const id of ids) this.#due.set(id.clientMessageId, id);
      this.#told({ kind: 'memory', reason: localError('outbox_unwritable', `Some is kept in memory only: ${String(thrown)}`, thrown) });
      return false;
    }
    for (const held of puts) held.state = 'written';
    this.#told({ kind: 'durable' });
    return true;
  }
}

/** About what it takes in a store. */
export function bytesOf({ text, content }: Pick<KeptMessage, 'text' | 'content'>): number {
  return new TextEncoder().encode(text + JSON.stringify(content)).length;
}
