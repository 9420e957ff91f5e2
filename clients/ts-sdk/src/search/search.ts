import { arrayOf, isObject, numberOf, objectOf, oneOf, optionalNumber, optionalText, textOf } from '../account/json.js';
import { queryOf } from '../account/query.js';
import { callSignedIn } from '../account/signed-in.js';
import type { Chat, ChatEvent, ClientOptions } from '../api.js';
import { type ChatKind, type ContentKind, chatKindNames } from '../codes.js';

/** Finds messages and names; over REST, and apart from the core. */
export interface Search {
  /** Messages in all that one may see, or in one chat. A page may be short, or empty, though there are more: `nextCursor` tells. */
  messages(wish: SearchWish): Promise<FoundMessages>;
  /** Contacts, people of direct chats, groups and channels, by the beginnings of their names' words. */
  names(text: string, options?: { cursor?: string; limit?: number }): Promise<FoundNames>;
}

export interface SearchWish {
  /** Words, all of which are wanted; the last one may be the beginning of one, unless a space follows it. */
  readonly text?: string;
  readonly chatId?: number;
  readonly senderId?: number;
  readonly kinds?: readonly ContentKind[];
  /** Sent then or later. */
  readonly from?: Date;
  /** Sent before. */
  readonly to?: Date;
  /** `newest` unless asked otherwise. */
  readonly order?: 'newest' | 'relevance';
  readonly cursor?: string;
  readonly limit?: number;
}

export interface FoundMessages {
  readonly messages: readonly FoundMessage[];
  readonly nextCursor: string | null;
}

export interface FoundMessage {
  readonly chatId: number;
  readonly sequence: number;
  readonly senderId: number;
  /** ISO 8601. */
  readonly createdAt: string;
  /** As it is now. */
  readonly text: string;
  readonly kind: string;
  /** Where in the text the words are, in UTF-16 units, ascending and apart. */
  readonly highlights: readonly { readonly start: number; readonly length: number }[];
}

export interface FoundNames {
  readonly people: readonly FoundPerson[];
  readonly chats: readonly FoundChat[];
  readonly nextCursor: string | null;
}

export interface FoundPerson {
  readonly principalId: number;
  readonly name: string;
  readonly ownName: string | null;
  readonly about: string | null;
  readonly avatar: string | null;
  /** The direct chat with the person; null when there is none. */
  readonly chatId: number | null;
}

export interface FoundChat {
  readonly chatId: number;
  readonly kind: ChatKind | 'unknown';
  readonly name: string;
  readonly avatar: string | null;
}

/** Takes what `createClient` takes: the same address and tokens. */
export function createSearch(options: Pick<ClientOptions, 'url' | 'token'>): Search {
  return new LiveSearch((path) => callSignedIn(options.url, options.token, { method: 'GET', path }));
}

/**
 * The events of a chat around one of them, ascending: for a jump to what was found. Half of them come behind it; more in either direction
 * with `chat.history`.
 */
export async function eventsAround(chat: Pick<Chat, 'history'>, sequence: number, limit = 50): Promise<readonly ChatEvent[]> {
  const after = Math.max(1, Math.floor(limit / 2));
  const [older, newer] = await Promise.all([
    chat.history({ before: sequence + 1, limit: Math.max(1, limit - after) }),
    chat.history({ after: sequence, limit: after }),
  ]);
  return [...older.events, ...newer.events];
}

export class LiveSearch implements Search {
  readonly #get: (path: string) => Promise<unknown>;

  constructor(get: (path: string) => Promise<unknown>) {
    this.#get = get;
  }

  async messages(wish: SearchWish): Promise<FoundMessages> {
    const { text: q, senderId: sender, kinds: kind, order, cursor, limit } = wish;
    const query = queryOf({ q, sender, kind, from: wish.from?.toISOString(), to: wish.to?.toISOString(), order, cursor, limit });
    const page = await this.#get((wish.chatId === undefined ? '/api/search' : `/api/chats/${wish.chatId}/search`) + query);
    return { messages: arrayOf(page, 'items').map(messageOf), nextCursor: optionalText(page, 'nextCursor') };
  }

  async names(text: string, options: { cursor?: string; limit?: number } = {}): Promise<FoundNames> {
    const { cursor, limit } = options;
    const page = await this.#get(`/api/search/names${queryOf({ q: text, cursor, limit })}`);
    return {
      people: arrayOf(page, 'people').map(personOf),
      chats: arrayOf(page, 'chats').map(chatOf),
      nextCursor: optionalText(page, 'nextCursor'),
    };
  }
}

function messageOf(found: unknown): FoundMessage {
  const message = objectOf(found, 'message');
  const content = message['content'];
  return {
    chatId: numberOf(message, 'chatId'),
    sequence: numberOf(message, 'sequence'),
    senderId: numberOf(message, 'senderId'),
    createdAt: textOf(message, 'createdAt'),
    text: optionalText(message, 'text') ?? '',
    kind: isObject(content) ? textOf(content, 'kind') : 'text',
    highlights: arrayOf(found, 'highlights').map((range) => ({ start: numberOf(range, 'start'), length: numberOf(range, 'length') })),
  };
}

function personOf(found: unknown): FoundPerson {
  return {
    principalId: numberOf(found, 'principalId'),
    name: textOf(found, 'name'),
    ownName: optionalText(found, 'ownName'),
    about: optionalText(found, 'about'),
    avatar: optionalText(found, 'avatar'),
    chatId: optionalNumber(found, 'chatId'),
  };
}

function chatOf(found: unknown): FoundChat {
  return {
    chatId: numberOf(found, 'chatId'),
    kind: oneOf(chatKindNames, textOf(found, 'kind')),
    name: textOf(found, 'name'),
    avatar: optionalText(found, 'avatar'),
  };
}
