/** Everything that the client takes from the outside; each has a default in `defaults.ts`. */

export interface Clock {
  /** Milliseconds, monotonic enough to measure with. */
  now(): number;
  /** Runs `action` once after `ms`; the returned function cancels it. */
  after(ms: number, action: () => void): () => void;
}

export interface TransportHandlers {
  opened(): void;
  /** One binary WebSocket message. The bytes are valid during the call only. */
  received(bytes: Uint8Array): void;
  /** Called once, also when the connection never opened (code 1006). Nothing follows it. */
  closed(code: number, reason: string): void;
}

/** One connection that carries binary messages. */
export interface Transport {
  send(bytes: Uint8Array): void;
  close(code: number, reason: string): void;
}

/** Starts to connect at once and tells the outcome through `handlers`, never before it returned. */
export type TransportFactory = (url: string, handlers: TransportHandlers) => Transport;

/** How long to wait before attempt `attempt` (1 is the first try after a loss), in milliseconds. */
export type RetryPolicy = (attempt: number, random: () => number) => number;

export interface Logger {
  warn(message: string): void;
}

/** Signs of the world around that make it worth trying or probing at once. */
export interface WakeSignals {
  /** `online`: the network came back. `visible`: the page is seen again. Returns the function that ends it. */
  listen(handler: (signal: 'online' | 'visible') => void): () => void;
}

export type TokenReason = 'connect' | 'expiring' | 'expired' | 'rejected';
