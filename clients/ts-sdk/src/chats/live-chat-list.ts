import type { ChatList, ChatSummary } from '../api.js';
import { oncePerTurn } from '../emitter.js';
import type { LiveChat } from './live-chat.js';

/** The chats one is a member of: the pinned ones, then the others, the most recently active first. */
export class LiveChatList implements ChatList {
  readonly #chats = new Map<number, LiveChat>();
  readonly #listed: () => Promise<void>;
  readonly #tell: () => void;
  #items: readonly ChatSummary[] | null = null;
  version = 0;
  hasMore = true;

  /** `listed` waits for all chats; they come by themselves. */
  constructor(listed: () => Promise<void>, changed: (list: ChatList) => void) {
    this.#listed = listed;
    this.#tell = oncePerTurn(() => changed(this));
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
    return this.hasMore ? this.#listed() : Promise.resolve();
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

  changed(): void {
    this.#items = null;
    this.version++;
    this.#tell();
  }
}
