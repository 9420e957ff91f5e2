import type { FrameTrace } from '../api.js';
import { frameName } from '../codes.js';
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
    const name = frameName(type) ?? `type_${type}`;
    this.#entries.push({ atMs: this.#clock.now(), direction, name, requestId, bytes });
    if (this.#entries.length > kept) this.#entries.shift();
  }

  /** Oldest first. */
  list(): FrameTrace[] {
    return [...this.#entries];
  }
}
