import type { WireMember } from '../frames/elements.js';
import type { WireHistory } from '../frames/replies.js';
import type { NewMessage, QueuedMessage } from '../outbox/outgoing-message.js';
import type { LiveChat } from './live-chat.js';

export interface HistoryRange {
  readonly after?: number;
  readonly before?: number;
  readonly limit?: number;
}

/** What a chat needs of the client that it belongs to. */
export interface ChatPorts {
  me(): number;
  /** Asks for the summary and hands it to `takeSummary`. */
  refresh(chatId: number): Promise<void>;
  history(chatId: number, range: HistoryRange): Promise<WireHistory>;
  members(chatId: number): Promise<readonly WireMember[]>;
  send(chatId: number, message: NewMessage): QueuedMessage;
  /** A message of one's own turned out to be stored. */
  stored(message: QueuedMessage, event: { sequence: number; createdAtMs: number }): void;
  mark(kind: 'delivered' | 'read', chatId: number, upTo: number): void;
  /** The summary changed: the list shows it. */
  changed(chat: LiveChat): void;
  failed(thrown: unknown): void;
}
