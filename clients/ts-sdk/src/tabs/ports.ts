import type { TabMessage } from './messages.js';

/** Leadership of the tabs, while it is held. */
export interface Lead {
  /** Another tab took it, because this one did not answer. Never settles where it is released instead. */
  readonly lost: Promise<void>;
  release(): void;
}

/** Which of several tabs leads: a lock that the platform takes from a tab that ends, however it ends. */
export interface TabLocks {
  /** `free`: null where another tab holds it. `wait`: null once `signal` ends the waiting. `steal`: from whoever holds it. */
  lead(how: 'free' | 'wait' | 'steal', signal?: AbortSignal): Promise<Lead | null>;
}

/** What one tab says here all others hear, in its order. */
export interface TabChannel {
  post(message: TabMessage): void;
  listen(handler: (message: TabMessage) => void): void;
  close(): void;
}
