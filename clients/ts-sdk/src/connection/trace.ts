import type { FrameTrace } from '../api.js';
import { pushes } from '../frames/pushes.js';
import { replies } from '../frames/replies.js';
import { requests } from '../frames/requests.js';
import type { Clock } from '../ports.js';

const kept = 200;

/** The names of protocol-spec.md §5 out of the keys that the frames have here: a table of them would be another half kilobyte. */
const names = new Map(
  [requests, replies, pushes].flatMap((frames) =>
    Object.entries(frames).map(([key, { type }]) => [type, key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)]),
  ),
);

/** The last frames that went by, without their content. */
export class TraceRing {
  readonly #clock: Clock;
  readonly #entries: FrameTrace[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(direction: 'in' | 'out', type: number, requestId: number, bytes: number): void {
    const name = names.get(type) ?? `type_${type}`;
    this.#entries.push({ atMs: this.#clock.now(), direction, name, requestId, bytes });
    if (this.#entries.length > kept) this.#entries.shift();
  }

  /** Oldest first. */
  list(): FrameTrace[] {
    return [...this.#entries];
  }
}
