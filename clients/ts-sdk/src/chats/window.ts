import type { ChatEvent, ChatItem, MessageWindow } from '../api.js';
import { type OthersWatermarks, storedState } from './item.js';

/** What of a conversation is held: stored events without a hole from some sequence on, then own messages on their way. */
export class LiveWindow implements MessageWindow {
  #stored: ChatEvent[] = [];
  #pending: readonly ChatItem[] = [];
  #items: readonly ChatItem[] | null = null;
  hasOlder = false;
  unreadAt: number | null = null;
  version = 0;

  get items(): readonly ChatItem[] {
    this.#items ??= [...this.#stored, ...this.#pending];
    return this.#items;
  }

  /** The lowest sequence held; null while empty. */
  get first(): number | null {
    return this.#stored[0]?.sequence ?? null;
  }

  clear(): void {
    this.#stored = [];
    this.hasOlder = false;
    this.unreadAt = null;
    this.#changed();
  }

  setPending(items: readonly ChatItem[]): void {
    this.#pending = items;
    this.#changed();
  }

  /** Takes events in any order; one that is held already is replaced if the new one knows its outgoing message. */
  merge(events: readonly ChatEvent[]): void {
    const last = this.#stored.at(-1)?.sequence ?? -1;
    const ascending = events.every((event, i) => event.sequence > (events[i - 1]?.sequence ?? last));
    if (ascending) this.#stored.push(...events);
    else {
      const bySequence = new Map<number, ChatEvent>();
      for (const event of [...this.#stored, ...events]) {
        const held = bySequence.get(event.sequence);
        bySequence.set(event.sequence, held?.outgoing === undefined ? event : held);
      }
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
