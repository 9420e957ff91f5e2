import type { Chat, ChatClient, ChatItem, ChatSummary } from '../api.js';
import { asChatError, type ChatError } from '../errors.js';
import * as localErrors from '../local-errors.js';
import { createStore, kept, type Store, together } from './store.js';

/** A chat's summary: undefined until it is in the list or was opened. */
export function chatStore(client: ChatClient, chatId: number): Store<ChatSummary | undefined> {
  const chat = client.chat(chatId);
  return createStore({ initial: undefined, read: () => chat.summary, start: (changed) => chat.on('change', changed) });
}

export interface MessagesView {
  /** Ascending by sequence; own messages on their way come last. */
  readonly items: readonly ChatItem[];
  readonly hasOlder: boolean;
  /** Where what was not read began when the chat was opened; null if no message was among it. */
  readonly unreadAt: number | null;
  /** The newest messages are asked for. */
  readonly isLoading: boolean;
  /** Why they could not be had. For a passing reason they are asked for again when the connection is back, otherwise by `reload`. */
  readonly error: ChatError | null;
}

export interface MessagesStore extends Store<MessagesView> {
  loadOlder(): Promise<void>;
  /** Asks again after a failure. */
  reload(): void;
}

/** The chat is open, and its window live, from the first listener to the last. */
export function messagesStore(client: ChatClient, chatId: number, window: number | undefined): MessagesStore {
  const opening = new Opening(client.chat(chatId), window);
  const { chat } = opening;
  const store = createStore<MessagesView>({
    initial: { items: [], hasOlder: false, unreadAt: null, isLoading: true, error: null },
    read: kept(
      () => [chat.messages.version, opening.isLoading, opening.error],
      (_version, isLoading, error) => {
        const { items, hasOlder, unreadAt } = chat.messages;
        return { items, hasOlder, unreadAt, isLoading, error };
      },
    ),
    start(changed) {
      opening.start(changed);
      const online = client.on('state', ({ to }) => {
        if (to.kind === 'online' && opening.isPassing) opening.again();
      });
      return together(chat.on('change', changed), online, () => opening.end());
    },
  });
  return { ...store, loadOlder: () => chat.loadOlder(), reload: () => opening.again() };
}

/** One `open` of a chat and the `close` that goes with it. */
class Opening {
  readonly chat: Chat;
  readonly #options: { window?: number };
  isLoading = true;
  error: ChatError | null = null;
  /** Null while nobody listens. */
  #changed: (() => void) | null = null;
  /** What an earlier `open` says is not taken. */
  #round = 0;

  constructor(chat: Chat, window: number | undefined) {
    this.chat = chat;
    this.#options = window === undefined ? {} : { window };
  }

  /** The failure may be over when there is a connection again. */
  get isPassing(): boolean {
    return this.error !== null && (this.error.retryable || this.error.code === localErrors.connection_closed);
  }

  start(changed: () => void): void {
    this.#changed = changed;
    this.#open();
  }

  again(): void {
    if (this.#changed === null || this.error === null) return;
    this.chat.close();
    this.#settle(true, null);
    this.#open();
  }

  end(): void {
    this.#changed = null;
    this.#round++;
    this.#settle(true, null);
    this.chat.close();
  }

  #open(): void {
    const round = ++this.#round;
    this.chat.open(this.#options).then(
      () => {
        if (round === this.#round) this.#settle(false, null);
      },
      (thrown) => {
        if (round === this.#round) this.#settle(false, asChatError(thrown));
      },
    );
  }

  #settle(isLoading: boolean, error: ChatError | null): void {
    this.isLoading = isLoading;
    this.error = error;
    this.#changed?.();
  }
}
