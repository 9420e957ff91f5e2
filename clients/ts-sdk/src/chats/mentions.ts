import { arrayOf, isObject, numberOf, optionalText } from '../account/json.js';
import { queryOf } from '../account/query.js';
import { callSignedIn } from '../account/signed-in.js';
import type { ChatClient, ChatEvent, ChatSummary, ClientOptions, MessageContent, UnreadMentions } from '../api.js';
import { errorCodes } from '../codes.js';
import { systemClock } from '../defaults.js';
import { ChatError } from '../errors.js';
import type { Clock } from '../ports.js';

/** Which messages mention one: kept up to date beside the core, which has what the service counted when it was asked last. */
export interface Mentions {
  /** The unread messages of the chat that mention one; null for none. While the service is asked again it stays what it was. */
  of(chatId: number): UnreadMentions | null;
  /** The messages that mention one in all chats, read or not, the newest first. A page may be short though there is a next one. */
  list(options?: { cursor?: string; limit?: number }): Promise<MentionPage>;
  close(): void;
}

export interface MentionPage {
  /** `chat.history` and `eventsAround` have them. */
  readonly messages: readonly { readonly chatId: number; readonly sequence: number }[];
  readonly nextCursor: string | null;
}

/** A text with whom it mentions, to send: `mentioning('Look, ', { principalId: 7, text: '@Anna' }, '!')`. */
export function mentioning(...parts: readonly (string | { readonly principalId: number; readonly text: string })[]): {
  text: string;
  content: MessageContent;
} {
  let text = '';
  const marks = [];
  for (const part of parts) {
    if (typeof part === 'string') text += part;
    else {
      marks.push({ kind: 'mention' as const, start: text.length, length: part.text.length, principalId: part.principalId });
      text += part.text;
    }
  }
  return { text, content: { kind: 'text', marks } };
}

/** What was read is stored a moment later: the first answer may not count it yet. */
const pausesMs = [250, 1_000, 3_000, 10_000];

/**
 * Takes the client and what `createClient` took. Whom a message tells is for the service to say, so it is asked, for one chat, when a message
 * mentions one, and when what mentioned one is read, edited, deleted or hidden.
 */
export function createMentions(
  client: MentionsClient,
  options: Pick<ClientOptions, 'url' | 'token'> & { clock?: Clock },
  changed: (chatId: number) => void = () => {},
): Mentions {
  const get = (path: string): Promise<unknown> => callSignedIn(options.url, options.token, { method: 'GET', path });
  return new LiveMentions(client, get, options.clock ?? systemClock, changed);
}

export type MentionsClient = Pick<ChatClient, 'on' | 'me' | 'chats' | 'chat'>;

interface Asking {
  /** What is held changed since it was asked. */
  again: boolean;
}

export class LiveMentions implements Mentions {
  readonly #client: MentionsClient;
  readonly #get: (path: string) => Promise<unknown>;
  readonly #clock: Clock;
  readonly #tell: (chatId: number) => void;
  readonly #held = new Map<number, UnreadMentions>();
  /** The summaries' own, as they were seen last: another one is another answer. */
  readonly #taken = new Map<number, UnreadMentions | null>();
  readonly #asking = new Map<number, Asking>();
  readonly #waits = new Set<() => void>();
  readonly #ends: (() => void)[];
  #closed = false;

  constructor(client: MentionsClient, get: (path: string) => Promise<unknown>, clock: Clock, changed: (chatId: number) => void) {
    this.#client = client;
    this.#get = get;
    this.#clock = clock;
    this.#tell = changed;
    this.#ends = [
      client.on('chats', (list) => {
        for (const chat of list.items) this.#look(chat);
      }),
      client.on('message', (event) => this.#take(event)),
      client.on('hidden', ({ chatId }) => this.#askIfAny(chatId)),
      client.on('cleared', ({ chatId }) => this.#askIfAny(chatId)),
      client.on('discontinuity', ({ chatId }) => this.#ask(chatId)),
    ];
    for (const chat of client.chats.items) this.#look(chat);
  }

  of(chatId: number): UnreadMentions | null {
    return this.#held.get(chatId) ?? null;
  }

  async list({ cursor, limit }: { cursor?: string; limit?: number } = {}): Promise<MentionPage> {
    const page = await this.#get(`/api/mentions${queryOf({ cursor, limit })}`);
    return {
      messages: arrayOf(page, 'items').map((item) => ({ chatId: numberOf(item, 'chatId'), sequence: numberOf(item, 'sequence') })),
      nextCursor: optionalText(page, 'nextCursor'),
    };
  }

  close(): void {
    this.#closed = true;
    for (const end of [...this.#ends, ...this.#waits]) end();
  }

  #look(chat: ChatSummary): void {
    const { chatId, mentions, readUpTo, unread } = chat;
    const known = this.#taken.get(chatId);
    if (known !== mentions) {
      this.#taken.set(chatId, mentions);
      if (known === undefined) this.#set(chatId, mentions);
      else if (!isSame(this.of(chatId), mentions)) this.#ask(chatId); // asked before or after what is held: nothing says which
    }
    const held = this.#held.get(chatId);
    if (held === undefined || held.first > readUpTo) return;
    if (unread === 0) this.#set(chatId, null);
    else if (!this.#asking.has(chatId)) this.#ask(chatId);
  }

  #take({ chatId, kind, content }: ChatEvent): void {
    const me = this.#client.me?.principalId;
    if (content?.marks?.some((mark) => mark.principalId === me)) this.#ask(chatId);
    else if (kind === 'edited' || kind === 'deleted') this.#askIfAny(chatId);
  }

  #askIfAny(chatId: number): void {
    if (this.#held.has(chatId) || this.#asking.has(chatId)) this.#ask(chatId);
  }

  #ask(chatId: number): void {
    const asking = this.#asking.get(chatId);
    if (asking !== undefined) {
      asking.again = true;
      return;
    }
    const started = { again: false };
    this.#asking.set(chatId, started);
    void this.#askUntilKnown(chatId, started).finally(() => {
      this.#asking.delete(chatId);
      if (started.again && !this.#closed) this.#ask(chatId);
    });
  }

  async #askUntilKnown(chatId: number, asking: Asking): Promise<void> {
    for (const pauseMs of [0, ...pausesMs]) {
      if (pauseMs > 0) await this.#wait(pauseMs);
      if (this.#closed) return;
      asking.again = false;
      try {
        const chat = await this.#get(`/api/chats/${chatId}`);
        if (asking.again) continue;
        const behind = numberOf(chat, 'readUpTo') < (this.#client.chat(chatId).summary?.readUpTo ?? 0);
        const mentions = mentionsOf(chat);
        if (behind && mentions !== null) continue;
        this.#set(chatId, mentions);
        return;
      } catch (thrown) {
        if (!(thrown instanceof ChatError)) throw thrown;
        if (thrown.code === errorCodes.chat_not_found.code) this.#set(chatId, null);
        if (!thrown.retryable) return;
      }
    }
  }

  #wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        cancel();
        this.#waits.delete(done);
        resolve();
      };
      const cancel = this.#clock.after(ms, done);
      this.#waits.add(done);
    });
  }

  #set(chatId: number, mentions: UnreadMentions | null): void {
    if (isSame(this.of(chatId), mentions)) return;
    if (mentions === null) this.#held.delete(chatId);
    else this.#held.set(chatId, mentions);
    this.#tell(chatId);
  }
}

function isSame(one: UnreadMentions | null, other: UnreadMentions | null): boolean {
  return one?.count === other?.count && one?.first === other?.first;
}

function mentionsOf(chat: unknown): UnreadMentions | null {
  const found = isObject(chat) ? chat['mentions'] : null;
  return found == null ? null : { count: numberOf(found, 'count'), first: numberOf(found, 'first') };
}
