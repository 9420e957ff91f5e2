import type { HttpMethod } from '../account/rest.js';
import type { WireMember } from '../frames/elements.js';
import type { WireHistory } from '../frames/replies.js';
import type { NewMessage, QueuedMessage } from '../outbox/outgoing-message.js';
import type { Clock } from '../ports.js';
import type { LiveChat } from './live-chat.js';

export interface HistoryRange {
  readonly after?: number;
  readonly before?: number;
  readonly limit?: number;
}

/** What is wished of a message that is there. */
export type MessageChange = { readonly chatId: number; readonly sequence: number } & (
  | { readonly kind: 'edit'; readonly text: string }
  | { readonly kind: 'delete' }
  | { readonly kind: 'react'; readonly emoji: string | null }
);

/** What a chat needs of the client that it belongs to. */
export interface ChatPorts {
  readonly clock: Clock;
  me(): number;
  /** A call of the REST interface with the session's token. */
  rest(method: HttpMethod, path: string, body?: unknown): Promise<unknown>;
  /** Asks for the summary and hands it to `takeSummary`. */
  refresh(chatId: number): Promise<void>;
  history(chatId: number, range: HistoryRange): Promise<WireHistory>;
  members(chatId: number): Promise<readonly WireMember[]>;
  send(chatId: number, message: NewMessage): QueuedMessage;
  /** A message of one's own turned out to be stored. */
  stored(message: QueuedMessage, event: { sequence: number; createdAtMs: number }): void;
  /** Asks again until it is done, refused for good, or the client closed. */
  insist(ask: () => Promise<unknown>): Promise<unknown>;
  /** Changes a message; comes back when it is stored. */
  change(change: MessageChange): Promise<void>;
  mark(kind: 'delivered' | 'read', chatId: number, upTo: number): void;
  tellTyping(chatId: number, active: boolean): void;
  /** The summary changed: the list shows it. */
  changed(chat: LiveChat): void;
  typed(chatId: number, principalId: number, active: boolean): void;
  failed(thrown: unknown): void;
}
