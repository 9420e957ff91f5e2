/**
 * Which of several pages sends what is kept. Each client has a lane of its own and holds it as long as it lives; what is kept in a lane
 * that nobody holds is taken over by whoever holds it next. So each message has one sender at any time, and none is left behind.
 */
export interface OutboxLanes {
  /** Holds a lane until the returned function is called, or the page ends. Waits for who holds it; null if `signal` ends that. */
  hold(lane: string, signal: AbortSignal): Promise<(() => void) | null>;
  /** Holds a lane that nobody holds; null if somebody does. */
  tryHold(lane: string): Promise<(() => void) | null>;
  /** Lanes that are held now. */
  held(): Promise<string[]>;
  /** Tells other pages that one holds a lane. */
  announce(lane: string): void;
  /** Told of each lane that another page announces. Until `close`. */
  listen(handler: (lane: string) => void): void;
  close(): void;
}
