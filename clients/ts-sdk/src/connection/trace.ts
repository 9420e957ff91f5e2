import type { FrameTrace } from '../api.js';
import type { Clock } from '../ports.js';

const kept = 200;

/** The last frames that went by, without their content. */
export class TraceRing {
  readonly #clock: Clock;
  readonly #entries: FrameTrace[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(direction: 'in' | 'out', type: number, requestId: number, bytes: number): void {
    this.#entries.push({ atMs: this.#clock.now(), direction, type, requestId, bytes });
    if (this.#entries.length > kept) this.#entries.shift();
  }

  /** Oldest first. */
  list(): FrameTrace[] {
    return [...this.#entries];
  }
}
