import { arrayOf, numberOf, optionalText, textOf } from '../account/json.js';
import { queryOf } from '../account/query.js';
import type { HttpMethod } from '../account/rest.js';
import { callSignedIn } from '../account/signed-in.js';
import type { ChatClient, ChatItem, OutgoingMessage, Reaction } from '../api.js';
import type { Fields, StructOf } from '../codec/fields.js';
import * as errorCodes from '../error-codes.js';
import { ChatError } from '../errors.js';
import { changeRequests } from '../frames/change-requests.js';
import type { Frame } from '../frames/frame.js';
import { replies } from '../frames/replies.js';
import { newId } from '../outbox/outbox.js';
import type { NewMessage } from '../outbox/outgoing-message.js';

/** What is done to messages that are there; what comes of it, clients hear as events. */
export interface MessageActions {
  /** Sends a message of any chat to this one, marked as passed on. Throws if it was deleted, or is none. */
  forward(item: ChatItem, chatId: number): OutgoingMessage;
  /** Gives one's own message another text. Resolves when it is stored; tried again under the same id until it is, or refused for good. */
  edit(chatId: number, sequence: number, text: string): Promise<void>;
  /** Deletes a message for everyone: one's own, or as an admin of the group any. */
  delete(chatId: number, sequence: number): Promise<void>;
  /** Reacts with one emoji in place of one's earlier one; null takes that back. */
  react(chatId: number, sequence: number, emoji: string | null): Promise<void>;
  /** Who reacted with what. */
  reactions(chatId: number, sequence: number): Promise<Reaction[]>;
  /** In a group only an admin may. */
  pin(chatId: number, sequence: number): Promise<void>;
  unpin(chatId: number, sequence: number): Promise<void>;
  /** Sequences of the pinned messages, oldest first. */
  pinned(chatId: number): Promise<number[]>;
  /** Stars a message for oneself; all one's devices follow. */
  star(chatId: number, sequence: number): Promise<void>;
  unstar(chatId: number, sequence: number): Promise<void>;
  /** Deletes a message for oneself alone, for good; all one's devices follow. */
  hide(chatId: number, sequence: number): Promise<void>;
}

/** Takes the client, whose connection, address and tokens it uses. */
export function createMessageActions(client: Pick<ChatClient, 'wire' | 'chat'>): MessageActions {
  return new LiveMessageActions(client);
}

type Change = { readonly chatId: number; readonly sequence: number };

/** Edits, deletions and reactions go over the connection; what is rarely done goes over REST. */
class LiveMessageActions implements MessageActions {
  readonly #client: Pick<ChatClient, 'wire' | 'chat'>;

  constructor(client: Pick<ChatClient, 'wire' | 'chat'>) {
    this.#client = client;
  }

  forward(item: ChatItem, chatId: number): OutgoingMessage {
    return this.#client.chat(chatId).send(forwarded(item));
  }

  edit(chatId: number, sequence: number, text: string): Promise<void> {
    return this.#change(changeRequests.editMessage, { chatId, sequence, text });
  }

  delete(chatId: number, sequence: number): Promise<void> {
    return this.#change(changeRequests.deleteMessage, { chatId, sequence });
  }

  react(chatId: number, sequence: number, emoji: string | null): Promise<void> {
    return this.#change(changeRequests.react, { chatId, sequence, emoji });
  }

  /** All of them, page after page. */
  async reactions(chatId: number, sequence: number): Promise<Reaction[]> {
    const all: Reaction[] = [];
    for (let after: number | undefined; ; after = all.at(-1)?.principalId) {
      const page = await this.#rest('GET', `${pathOf(chatId, sequence)}/reactions${queryOf({ after })}`);
      const items = arrayOf(page, 'items');
      for (const one of items) all.push({ principalId: numberOf(one, 'principalId'), emoji: textOf(one, 'emoji') });
      if (items.length === 0 || optionalText(page, 'nextCursor') === null) return all;
    }
  }

  pin(chatId: number, sequence: number): Promise<void> {
    return this.#set('POST', chatId, sequence, 'pin');
  }

  unpin(chatId: number, sequence: number): Promise<void> {
    return this.#set('DELETE', chatId, sequence, 'pin');
  }

  async pinned(chatId: number): Promise<number[]> {
    const page = await this.#rest('GET', `/api/chats/${chatId}/pins`);
    return arrayOf(page, 'items').map((item) => numberOf(item, 'sequence'));
  }

  star(chatId: number, sequence: number): Promise<void> {
    return this.#set('POST', chatId, sequence, 'star');
  }

  unstar(chatId: number, sequence: number): Promise<void> {
    return this.#set('DELETE', chatId, sequence, 'star');
  }

  hide(chatId: number, sequence: number): Promise<void> {
    return this.#set('POST', chatId, sequence, 'hide');
  }

  /** Under one id however often it goes out: the same one again is the same change. */
  async #change<F extends Fields, C extends Change>(
    kind: Frame<F>,
    change: C & Omit<StructOf<F>, 'clientMessageId' | keyof C>,
  ): Promise<void> {
    const { wire } = this.#client;
    const request = { ...change, clientMessageId: newId() } as unknown as StructOf<F>;
    await wire.insist(() => wire.call(kind, request, replies.sent));
  }

  async #set(method: HttpMethod, chatId: number, sequence: number, what: 'pin' | 'star' | 'hide'): Promise<void> {
    await this.#rest(method, `${pathOf(chatId, sequence)}/${what}`);
  }

  #rest(method: HttpMethod, path: string): Promise<unknown> {
    const { url, token } = this.#client.wire;
    return callSignedIn(url, token, { method, path });
  }
}

function pathOf(chatId: number, sequence: number): string {
  return `/api/messages/${chatId}-${sequence}`;
}

/** What is sent when a message is passed on: not what it answered, a status neither, nor what became of it. */
function forwarded(item: ChatItem): NewMessage {
  if (item.kind !== 'message' || item.changes?.deletedAtMs) {
    throw new ChatError(errorCodes.invalid_argument, 'Nothing to be passed on.'); // as the server would
  }
  const { status, ...content } = item.content ?? { kind: 'text' };
  return { text: item.text ?? '', content: { ...content, forwarded: Math.min(255, (content.forwarded ?? 0) + 1) } };
}
