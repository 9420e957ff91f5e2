import type { Chat, ChatClient, MessageContent, OutgoingMessage } from '../api.js';
import { createDrafts, type Drafts } from '../chats/drafts.js';
import type { Draft } from '../chats/settings.js';
import { createStore, kept, type Store } from './store.js';

export interface DraftView {
  readonly text: string;
  /** The message that it answers. */
  readonly replyTo: number | null;
}

const empty: DraftView = { text: '', replyTo: null };

const allDrafts = new WeakMap<ChatClient, Drafts>();
const boxes = new WeakMap<Chat, DraftBox>();

/** Those of a client, for as long as it lives; made when something is written or sent, so that a client that is only rendered has none. */
function draftsOf(client: ChatClient): Drafts {
  const drafts = allDrafts.get(client) ?? createDrafts(client);
  allDrafts.set(client, drafts);
  return drafts;
}

/** The draft of a chat, the same for all who show it. */
export function draftBox(client: ChatClient, chatId: number): DraftBox {
  const chat = client.chat(chatId);
  const box = boxes.get(chat) ?? new DraftBox(client, chat);
  boxes.set(chat, box);
  return box;
}

/** What is being written in a chat: here before all, otherwise what one began on another device or in an earlier run. */
export class DraftBox {
  readonly store: Store<DraftView>;
  readonly #client: ChatClient;
  readonly #chat: Chat;
  #written: DraftView | null = null;
  /** The text of a stored draft that was sent or emptied here: the service will say that it is gone. */
  #gone: string | null = null;
  /** What was stored when the draft was last shown. */
  #storedBefore: string | null = null;
  #changed: () => void = () => {};

  constructor(client: ChatClient, chat: Chat) {
    this.#client = client;
    this.#chat = chat;
    this.store = createStore({
      initial: empty,
      read: kept(
        () => [this.#value.text, this.#value.replyTo],
        (text, replyTo) => ({ text, replyTo }),
      ),
      start: (changed) => this.#show(changed),
    });
  }

  /** Stored when the person pauses, and when the draft is shown nowhere any more. */
  set(text: string, replyTo: number | null = this.#value.replyTo): void {
    if (text === '' && replyTo === null) this.#clear();
    else this.#written = { text, replyTo };
    draftsOf(this.#client).set(this.#chat.id, text, replyTo ?? undefined);
    this.#changed();
  }

  /** Sends what is written, and the draft with it is gone. Null if there is nothing to send. */
  send(content?: MessageContent): OutgoingMessage | null {
    const { text, replyTo } = this.#value;
    if (text.trim() === '' && content === undefined) return null;
    draftsOf(this.#client); // hear of it: what is sent is no draft any more
    const message = this.#chat.send({ text, ...(replyTo !== null && { replyTo }), ...(content !== undefined && { content }) });
    this.#clear();
    this.#changed();
    return message;
  }

  /** Stores it now. */
  flush(): Promise<void> {
    return allDrafts.get(this.#client)?.flush(this.#chat.id) ?? Promise.resolve();
  }

  get #stored(): Draft | null {
    return this.#chat.summary?.own.draft ?? null;
  }

  get #value(): DraftView {
    if (this.#written !== null) return this.#written;
    const stored = this.#stored;
    return stored === null || stored.text === this.#gone ? empty : stored;
  }

  #clear(): void {
    this.#written = null;
    this.#gone = this.#stored?.text ?? null;
  }

  #show(changed: () => void): () => void {
    this.#changed = changed;
    // What was stored meanwhile is one's own, or newer, from another device.
    if (this.#written !== null && (this.#stored?.text ?? null) !== this.#storedBefore) this.#written = null;
    const stop = this.#chat.on('change', () => {
      if (this.#stored?.text !== this.#gone) this.#gone = null;
      changed();
    });
    return () => {
      stop();
      this.#changed = () => {};
      this.#storedBefore = this.#stored?.text ?? null;
      void this.flush();
    };
  }
}
