/** Messages that wait survive the page: `@chat/sdk/offline`. */
import { IndexedDbStore } from './indexed-db-store.js';
import { type OfflineOutbox, OutboxKeeping } from './outbox-keeping.js';
import { WebLanes } from './web-lanes.js';

export type { KeptMessage, OutboxStore } from '../ports.js';
export type { OutboxLanes } from './lanes.js';
export { type KeepingOptions, type OfflineOutbox, OutboxKeeping } from './outbox-keeping.js';
export type { OutboxState } from './outbox-state.js';

export interface IndexedDbOutboxOptions {
  /** Whose messages these are: `AccountSession.principalId`. A client that is signed in as somebody else sends none of them. */
  principalId: number;
  /** Name of the database; one for each service that pages of the origin talk to. Default `chat-outbox`. */
  database?: string;
  /** Messages that may be kept, and bytes of them; a further one fails with `outbox_full`. Default 1,000, and 4 MiB. */
  maxMessages?: number;
  maxBytes?: number;
  /** What is older when the page starts fails as `expired` and waits for the person's word. Default 7 days. */
  maxAgeMs?: number;
  /** The state is another: in `memory` nothing outlives the page, and `state.reason` says why. */
  changed?: (outbox: OfflineOutbox) => void;
}

/**
 * For `createClient({ outbox })`: keeps what waits to be sent in IndexedDB, and sends what an earlier page left. One for each client;
 * `close` it with the client, and `clear` it when the person signs out. Where the browser allows no database, or no locks (a page that
 * is not of a secure origin), it keeps what waits in memory, and says so.
 */
export function indexedDbOutbox({ database = 'chat-outbox', ...options }: IndexedDbOutboxOptions): OfflineOutbox {
  return new OutboxKeeping(new IndexedDbStore(database), new WebLanes(`${database}:${options.principalId}:`), options);
}

/** How many messages of an account are kept here, by all pages: to ask before it signs out, or to tell. Rejects where the browser allows no database. */
export async function countUnsent(principalId: number, database = 'chat-outbox'): Promise<number> {
  const store = new IndexedDbStore(database);
  try {
    return await store.count(principalId);
  } finally {
    store.close();
  }
}

/**
 * Deletes what is kept of accounts that are signed in here no more, by your `isHere`: a page may end before its `clear`, and `clear` spares what
 * other open pages keep. Call it when the app starts. Rejects where the browser allows no database, which keeps nothing then.
 */
export async function sweepOutboxes(isHere: (principalId: number) => boolean, database = 'chat-outbox'): Promise<void> {
  const store = new IndexedDbStore(database);
  try {
    const found = await store.principals();
    await Promise.all(found.filter((principalId) => !isHere(principalId)).map((principalId) => store.drop(principalId)));
  } finally {
    store.close();
  }
}
