import type { ClientOptions } from './api.js';
import type { MessageContent } from './message-content.js';
import type { Outbox, OutboxPorts } from './outbox/outbox.js';

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

/** What a client was made with, and the defaults of what was left out. */
export type WholeOptions = Required<Omit<ClientOptions, 'outbox'>> & Pick<ClientOptions, 'outbox'>;

/** Keeps messages that wait to be sent beyond the life of a client. What passes through here is between the parts of this package. */
export interface OutboxKeeper {
  /** Comes between the outbox and its client; once, before anything is sent. */
  attach(outbox: Outbox, ports: OutboxPorts): OutboxPorts;
}

/** A message as it is kept. */
export interface KeptMessage {
  /** Whose message it is. */
  readonly principalId: number;
  readonly clientMessageId: string;
  /** The client that it belongs to, and its place among that one's messages. */
  readonly lane: string;
  readonly ordinal: number;
  readonly chatId: number;
  readonly text: string;
  readonly replyTo: number | null;
  readonly content: MessageContent | null;
  readonly queuedAtMs: number;
  /** When the person sent it, or tried again; by the system's clock. */
  readonly sinceMs: number;
  /** It went out, or was about to: it may be stored. */
  readonly attempted: boolean;
  /** Why it failed for good. */
  readonly error: { readonly code: number; readonly message: string } | null;
}

/** Where messages are kept. Reports that it cannot by rejecting. */
export interface OutboxStore {
  /** All of one account, in any order. */
  load(principalId: number): Promise<KeptMessage[]>;
  /** Puts and deletes by account and client message id: all of it, or nothing. When it resolves, it outlives the page. */
  write(puts: readonly KeptMessage[], deletes: readonly Pick<KeptMessage, 'principalId' | 'clientMessageId'>[]): Promise<void>;
  close(): void;
}
