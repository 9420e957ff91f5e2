import type { ChatList, ChatSummary, ClientEvents } from '../api.js';
import { type Emitter, oncePerTurn } from '../emitter.js';
import type { LiveChat } from './live-chat.js';

/** What the list needs of its client. */
export interface ListPorts extends Pick<Emitter<ClientEvents>, 'emit'> {
  /** Resolves when all chats are listed; they come by themselves. */
  listed(): Promise<void>;
}

/** The chats one is a member of: the pinned ones, then the others, the most recently active first. */
export class LiveChatList implements ChatList {
  readonly #chats = new Map<number, LiveChat>();
  readonly #client: ListPorts;
  readonly #tell = oncePerTurn(() => this.#client.emit('chats', this));
  #items: readonly ChatSummary[] | null = null;
  version = 0;
  hasMore = true;

  constructor(client: ListPorts) {
    this.#client = client;
  }

  get items(): readonly ChatSummary[] {
    this.#items ??= [...this.#chats.values()]
      .flatMap((chat) => chat.summary ?? [])
      .sort((a, b) => Number(b.own.pinned) - Number(a.own.pinned) || b.lastActivityMs - a.lastActivityMs || b.chatId - a.chatId);
    return this.#items;
  }

  get size(): number {
    return this.#chats.size;
  }

  has(chatId: number): boolean {
    return this.#chats.has(chatId);
  }

  loadMore(): Promise<void> {
    return this.hasMore ? this.#client.listed() : Promise.resolve();
  }

  add(chat: LiveChat): void {
    if (this.#chats.has(chat.id)) return;
    this.#chats.set(chat.id, chat);
    this.changed();
  }

  remove(chatId: number): void {
    if (this.#chats.delete(chatId)) this.changed();
  }

  complete(): void {
    this.hasMore = false;
    this.changed();
  }

  /** The summary of a chat is another one. */
  updated(chatId: number): void {
    if (this.#chats.has(chatId)) this.changed();
  }

  changed(): void {
    this.#items = null;
    this.version++;
    this.#tell();
  }
}
