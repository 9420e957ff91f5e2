import type { ChatClient } from '../api.js';
import { createTyping, type Typing } from '../chats/typing.js';
import { Emitter } from '../emitter.js';
import { createStore, type Store } from './store.js';

const nobody: readonly number[] = [];
const hubs = new WeakMap<ChatClient, TypingHub>();

export interface TypingStore extends Store<readonly number[]> {
  /** Call it at every keystroke. */
  start(): void;
  stop(): void;
}

/** Who types. That one types oneself ends with the last listener. */
export function typingStore(client: ChatClient, chatId: number): TypingStore {
  const hub = hubs.get(client) ?? new TypingHub(client);
  hubs.set(client, hub);
  const store = createStore({
    initial: nobody,
    read: () => hub.typing?.typists(chatId) ?? nobody,
    start: (changed) => hub.show(chatId, changed),
  });
  return { ...store, start: () => hub.typing?.start(chatId), stop: () => hub.typing?.stop(chatId) };
}

/** One `Typing` of a client for all chats that are shown. */
class TypingHub {
  readonly #client: ChatClient;
  readonly #emitter = new Emitter<Record<number, null>>();
  #shown = 0;
  /** Null while no chat is shown. */
  typing: Typing | null = null;

  constructor(client: ChatClient) {
    this.#client = client;
  }

  /** Returns what lets go of it. */
  show(chatId: number, changed: () => void): () => void {
    this.#shown++;
    this.typing ??= createTyping(this.#client, (id) => this.#emitter.emit(id, null));
    const end = this.#emitter.on(chatId, changed);
    return () => {
      end();
      this.typing?.stop(chatId);
      if (--this.#shown > 0) return;
      this.typing?.close();
      this.typing = null;
    };
  }
}
