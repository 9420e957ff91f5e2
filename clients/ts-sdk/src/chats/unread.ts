import { eventKinds } from '../codes.js';
import type { WireEvent } from '../frames/elements.js';

/** Places that are remembered; of more, only how many there are. */
const maxQuiet = 1_000;

/**
 * Counts the messages of one chat above a watermark, as the service does (protocol-spec.md §8.5): from what the service counted last and
 * the events that came since.
 */
export class UnreadCount {
  /** Events above `#asOf` that are no messages, ascending. */
  #quiet: number[] = [];
  #asOf = 0;
  /** What the service counted from. */
  readUpTo = 0;
  /** Between `readUpTo` and `#asOf`; where, is not known. */
  #quietBefore = 0;

  /** Takes what the service counted. An answer that is older than the one before says nothing new. */
  settle(headSequence: number, readUpTo: number, unread: number): void {
    if ((headSequence - this.#asOf || readUpTo - this.readUpTo) < 0) return;
    this.#asOf = headSequence;
    this.readUpTo = Math.min(readUpTo, headSequence);
    this.#quietBefore = Math.max(0, this.#asOf - this.readUpTo - unread);
    this.#quiet = this.#quiet.filter((sequence) => sequence > headSequence);
  }

  /** Takes the next event of the log. */
  take({ sequence, kind }: Pick<WireEvent, 'sequence' | 'kind'>): void {
    if (kind === eventKinds.message || sequence <= this.#asOf) return;
    this.#quiet.push(sequence);
    if (this.#quiet.length < maxQuiet) return;
    this.#quietBefore += this.#quiet.length;
    this.#asOf = sequence;
    this.#quiet = [];
  }

  /**
   * `exact` is false when the watermark lies among events of which the service only said how many there are; `unread` is then the most that
   * it can be.
   */
  count(headSequence: number, readUpTo: number): { unread: number; exact: boolean } {
    if (readUpTo >= this.#asOf) {
      this.#quiet = this.#quiet.filter((sequence) => sequence > readUpTo); // a watermark does not go back
      this.#asOf = this.readUpTo = readUpTo;
      this.#quietBefore = 0;
    }
    const between = this.#asOf - readUpTo;
    const exact = this.#quietBefore === 0 || readUpTo <= this.readUpTo;
    const before = exact ? between - this.#quietBefore : Math.min(between, this.#asOf - this.readUpTo - this.#quietBefore);
    return { unread: Math.max(0, before + headSequence - this.#asOf - this.#quiet.length), exact };
  }
}
