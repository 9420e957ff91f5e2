import type { ClientEvents } from '../api.js';
import type { Emitter } from '../emitter.js';
import type { WireMember } from '../frames/elements.js';
import type { WireHistory } from '../frames/replies.js';
import type { Outbox } from '../outbox/outbox.js';
import type { LiveChatList } from './live-chat-list.js';
import type { ChatQuestions } from './questions.js';
import type { ReceiptSender } from './receipt-sender.js';

export interface HistoryRange {
  readonly after?: number;
  readonly before?: number;
  readonly limit?: number;
}

/** What a chat needs of the client that it belongs to. */
export interface ChatPorts extends Pick<Emitter<ClientEvents>, 'emit'> {
  readonly principalId: number;
  readonly chats: Pick<LiveChatList, 'updated'>;
  readonly outbox: Pick<Outbox, 'add' | 'stored'>;
  /** Their answers are handed to `takeSummary`. */
  readonly questions: Pick<ChatQuestions, 'ask' | 'askAside'>;
  readonly receipts: Pick<ReceiptSender, 'mark'>;
  history(chatId: number, range: HistoryRange): Promise<WireHistory>;
  members(chatId: number): Promise<readonly WireMember[]>;
  insist<T>(ask: () => Promise<T>): Promise<T>;
  failed(thrown: unknown): void;
}
