import type { ChatEvent, ChatItem, MessageWindow } from '../api.js';
import type { WireEvent } from '../frames/elements.js';
import { changedItem, newerItem, type OthersWatermarks, storedState } from './item.js';

/** How many messages an open chat begins with, where its app does not say. */
export const defaultWindow = 50;
export const largestPage = 200;

/** What of a conversation is held: stored events without a hole from some sequence on, then own messages on their way. */
export class LiveWindow implements MessageWindow {
  #stored: ChatEvent[] = [];
  #pending: readonly ChatItem[] = [];
  #items: readonly ChatItem[] | null = null;
  #first: number | null = null;
  /** What was dropped for good, in case a page on its way still has it. */
  readonly #dropped = new Set<number>();
  #droppedUpTo = 0;
  hasOlder = false;
  unreadAt: number | null = null;
  version = 0;

  get items(): readonly ChatItem[] {
    this.#items ??= [...this.#stored, ...this.#pending];
    return this.#items;
  }

  /** All that is shown from this sequence on is held; null while nothing is. */
  get first(): number | null {
    return this.#first ?? this.#stored[0]?.sequence ?? null;
  }

  clear(): void {
    this.#stored = [];
    this.#first = null;
    this.hasOlder = false;
    this.unreadAt = null;
    this.#changed();
  }

  setPending(items: readonly ChatItem[]): void {
    this.#pending = items;
    this.#changed();
  }

  /** A page begins here, although what is shown of it may begin later. */
  coversFrom(sequence: number): void {
    this.#first = Math.min(this.#first ?? sequence, sequence);
  }

  /** An event that changes a message, if that is held. True: its text is another one, and has to be asked for. */
  change(event: WireEvent, me: number): boolean {
    const at = this.#stored.findIndex((item) => item.sequence === event.replyTo);
    const held = this.#stored[at];
    if (held === undefined) return false;
    const item = changedItem(held, event, me);
    if (item === 'stale') return true;
    this.#stored[at] = item;
    if (item !== held) this.#changed();
    return false;
  }

  /** Shows nothing up to here any more, whatever brings it. */
  dropUpTo(sequence: number): void {
    this.#droppedUpTo = Math.max(this.#droppedUpTo, sequence);
    this.#stored = this.#stored.filter((item) => item.sequence > sequence);
    this.#changed();
  }

  /** Shows an event no more, whatever brings it. */
  drop(sequence: number): void {
    this.#dropped.add(sequence);
    this.#stored = this.#stored.filter((item) => item.sequence !== sequence);
    this.#changed();
  }

  /** Takes events in any order; of one that is held already the newer picture stays. */
  merge(taken: readonly ChatEvent[]): void {
    const events = taken.filter(({ sequence }) => sequence > this.#droppedUpTo && !this.#dropped.has(sequence));
    const last = this.#stored.at(-1)?.sequence ?? -1;
    const ascending = events.every((event, i) => event.sequence > (events[i - 1]?.sequence ?? last));
    if (ascending) this.#stored.push(...events);
    else {
      const bySequence = new Map<number, ChatEvent>();
      for (const event of [...this.#stored, ...events]) bySequence.set(event.sequence, newerItem(bySequence.get(event.sequence), event));
      this.#stored = [...bySequence.values()].sort((a, b) => a.sequence - b.sequence);
    }
    this.#changed();
  }

  /** The others' watermarks went up: own messages get their ticks. */
  refreshStates(others: OthersWatermarks): void {
    for (let i = this.#stored.length - 1; i >= 0; i--) {
      const item = this.#stored[i] as ChatEvent;
      if (item.state === undefined) continue;
      if (item.state === 'read') break; // watermarks only rise: all before it are read
      const state = storedState(item.sequence, others);
      if (state !== item.state) this.#stored[i] = { ...item, state };
    }
    this.#changed();
  }

  #changed(): void {
    this.#items = null;
    this.version++;
  }
}
