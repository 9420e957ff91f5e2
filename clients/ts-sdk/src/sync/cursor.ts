import type { WireEvent } from '../frames/elements.js';
import type { WireHistory } from '../frames/replies.js';

/** Events kept aside while those before them are fetched; more are dropped and fetched again. */
const maxHeld = 1_000;

/** The epoch of a chat of which only pushes were seen: they do not carry it. */
export const unknownEpoch = -1;

/**
 * How far one chat is held completely, and what came too early: the rule of protocol-spec.md §8.2. Pure: it says what to deliver
 * and knows what is missing; it fetches nothing.
 */
export class ChatCursor {
  readonly epoch: number;
  /** Everything up to here was delivered. */
  sequence: number;
  /** The highest sequence that is known to exist. */
  head: number;
  readonly #held = new Map<number, WireEvent>();

  constructor(epoch: number, sequence: number) {
    this.epoch = epoch;
    this.sequence = sequence;
    this.head = sequence;
  }

  get isNumbered(): boolean {
    return this.epoch !== unknownEpoch;
  }

  /** Something between here and the head is missing. */
  get isBehind(): boolean {
    return this.sequence < this.head;
  }

  /** A sequence was heard of without its event. */
  announce(head: number): void {
    this.head = Math.max(this.head, head);
  }

  /** Takes a pushed event. Returns what is to be delivered now, in order. */
  offer(event: WireEvent): WireEvent[] {
    this.announce(event.sequence);
    if (event.sequence <= this.sequence) return [];
    if (event.sequence > this.sequence + 1) {
      if (this.#held.size < maxHeld) this.#held.set(event.sequence, event);
      return [];
    }
    this.sequence = event.sequence;
    return [event, ...this.#drain()];
  }

  /** Takes a page of history that was asked for with `after` at most the present position. */
  fill(page: WireHistory): WireEvent[] {
    this.announce(page.headSequence);
    if (page.coversFrom > this.sequence + 1) return []; // does not join on
    let last = this.sequence;
    const fresh = page.events.filter((event) => {
      if (event.chatId !== page.chatId || event.sequence <= last || event.sequence > page.coversTo) return false; // out of its place
      last = event.sequence;
      return true;
    });
    this.sequence = Math.max(this.sequence, page.coversTo);
    return [...fresh, ...this.#drain()];
  }

  /** Goes on from `sequence` without what lies between (too much was missed, or it is not to be had). */
  skipTo(sequence: number): WireEvent[] {
    this.sequence = sequence;
    this.announce(sequence);
    return this.#drain();
  }

  /** The lowest event that is kept aside. */
  get firstHeld(): number | null {
    return this.#held.size === 0 ? null : Math.min(...this.#held.keys());
  }

  /** What was announced beyond the position is not for this member to see. */
  endHere(): void {
    this.head = this.sequence;
    this.#held.clear();
  }

  #drain(): WireEvent[] {
    const next: WireEvent[] = [];
    for (let event = this.#held.get(this.sequence + 1); event; event = this.#held.get(this.sequence + 1)) {
      this.sequence++;
      next.push(event);
    }
    for (const sequence of this.#held.keys()) if (sequence <= this.sequence) this.#held.delete(sequence);
    return next;
  }
}
