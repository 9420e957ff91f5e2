import { arrayOf, isObject, numberOf, optionalText } from '../account/json.js';
import { queryOf } from '../account/query.js';
import { callSignedIn } from '../account/signed-in.js';
import type { ChatClient, ChatEvent, ChatSummary, ClientOptions, MessageContent, UnreadMentions } from '../api.js';
import { systemClock } from '../defaults.js';
import { Emitter } from '../emitter.js';
import * as errorCodes from '../error-codes.js';
import { asChatError } from '../errors.js';
import type { Clock } from '../ports.js';
import { turnMs } from '../sync/turn.js';

/** Which messages mention one: kept up to date beside the core, which has what the service counted when it was asked last. */
export interface Mentions {
  /** The unread messages of the chat that mention one; null for none. While the service is asked again it is what was told last. */
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
/** Chats that are asked for at once; after a long absence many may have changed. */
const maxUnderWay = 4;

/**
 * Takes the client and what `createClient` took. Whom a message tells is for the service to say, so it is asked, for one chat, when a message
 * mentions one, and when what mentioned one is read, edited, deleted or hidden.
 */
export function createMentions(
  client: MentionsClient,
  options: Pick<ClientOptions, 'url' | 'token'> & { clock?: Clock; random?: () => number },
  changed: (chatId: number) => void = () => {},
): Mentions {
  const get = (path: string): Promise<unknown> => callSignedIn(options.url, options.token, { method: 'GET', path });
  return new LiveMentions(client, get, { clock: options.clock ?? systemClock, random: options.random ?? Math.random }, changed);
}

export type MentionsClient = Pick<ChatClient, 'on' | 'me' | 'chats' | 'chat'>;

/** One chat. */
interface Known {
  held: UnreadMentions | null;
  /** The summary's own, as it was seen last: another one is another answer. Undefined: the chat was in no list yet. */
  taken: UnreadMentions | null | undefined;
  asking: boolean;
  /** What is held changed since it was asked. */
  again: boolean;
  /** How far one had read when the service was given up asking; it is not asked again for that. */
  gaveUpAt: number | null;
}

export class LiveMentions implements Mentions {
  readonly #client: MentionsClient;
  readonly #get: (path: string) => Promise<unknown>;
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #emitter = new Emitter<{ changed: number }>();
  readonly #known = new Map<number, Known>();
  readonly #waits = new Set<() => void>();
  /** Those who wait until fewer are under way. */
  readonly #queue: (() => void)[] = [];
  readonly #ends: (() => void)[];
  #underWay = 0;
  #closed = false;

  constructor(
    client: MentionsClient,
    get: (path: string) => Promise<unknown>,
    { clock, random }: { readonly clock: Clock; readonly random: () => number },
    changed: (chatId: number) => void,
  ) {
    this.#client = client;
    this.#get = get;
    this.#clock = clock;
    this.#random = random;
    this.#ends = [
      this.#emitter.on('changed', changed),
      client.on('chats', (list) => this.#lookAt(list.items)),
      client.on('message', (event) => this.#take(event)),
      client.on('hidden', ({ chatId }) => this.#askIfAny(chatId)),
      client.on('cleared', ({ chatId }) => this.#askIfAny(chatId)),
      client.on('discontinuity', ({ chatId }) => this.#ask(chatId, true)),
    ];
    this.#lookAt(client.chats.items);
  }

  of(chatId: number): UnreadMentions | null {
    return this.#known.get(chatId)?.held ?? null;
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

  #lookAt(chats: readonly ChatSummary[]): void {
    for (const chat of chats) this.#look(chat);
    if (this.#known.size === chats.length) return;
    const listed = new Set(chats.map(({ chatId }) => chatId));
    for (const [chatId, known] of this.#known) {
      if (known.taken === undefined || listed.has(chatId)) continue; // one that is new may be heard of before it is listed
      this.#known.delete(chatId);
      if (known.held !== null) this.#emitter.emit('changed', chatId);
    }
  }

  #look(chat: ChatSummary): void {
    const { chatId, mentions, readUpTo, unread } = chat;
    const known = this.#find(chatId);
    const before = known.taken;
    if (before !== mentions) {
      known.taken = mentions;
      const told = toldBy(chat);
      if (before === undefined) {
        if (known.held === null && !known.asking) this.#set(chatId, known, told);
      } else if (!isSame(known.held, told)) {
        this.#set(chatId, known, told);
        this.#ask(chatId); // asked before or after what was held: nothing says which
      }
    }
    if (known.held === null || known.held.first > readUpTo) return;
    if (unread === 0) this.#set(chatId, known, null);
    else if (!known.asking && known.gaveUpAt !== readUpTo) this.#ask(chatId);
  }

  #take({ chatId, kind, senderId, content }: ChatEvent): void {
    const me = this.#client.me?.principalId;
    if (kind === 'edited' || kind === 'deleted') this.#askIfAny(chatId, senderId !== me);
    if (me === undefined || senderId === me || content?.forwarded != null) return;
    if (content?.marks?.some((mark) => mark.principalId === me)) this.#ask(chatId, true);
  }

  #askIfAny(chatId: number, inTurn = false): void {
    const known = this.#known.get(chatId);
    if (known !== undefined && (known.held !== null || known.asking)) this.#ask(chatId, inTurn);
  }

  /** `inTurn`: others hear of the same; the more there are, the longer it may take. */
  #ask(chatId: number, inTurn = false): void {
    const summary = this.#client.chat(chatId).summary;
    if (summary?.kind === 'channel') return;
    const known = this.#find(chatId);
    known.again = true;
    if (known.asking) return;
    known.asking = true;
    const pauseMs = inTurn ? turnMs(this.#random, summary?.memberCount ?? 0) : 0;
    void this.#askUntilKnown(chatId, known, pauseMs).then(() => {
      known.asking = false;
      if (known.again && this.#follows(chatId, known)) this.#ask(chatId);
    });
  }

  /** Never rejects: nobody waits for it. */
  async #askUntilKnown(chatId: number, known: Known, firstMs: number): Promise<void> {
    let leastMs = 0;
    for (const pauseMs of [firstMs, ...pausesMs.map((ms) => (ms * (1 + this.#random())) / 2)]) {
      if (Math.max(pauseMs, leastMs) > 0) await this.#wait(Math.max(pauseMs, leastMs));
      leastMs = 0;
      try {
        const chat = await this.#call(chatId, known);
        if (!this.#follows(chatId, known)) return;
        const mentions = mentionsOf(chat);
        const behind = numberOf(chat, 'readUpTo') < (this.#client.chat(chatId).summary?.readUpTo ?? 0);
        if (known.again || (behind && mentions !== null)) continue;
        known.gaveUpAt = null;
        this.#set(chatId, known, mentions);
        return;
      } catch (thrown) {
        if (!this.#follows(chatId, known)) return;
        const error = asChatError(thrown);
        if (error.code === errorCodes.chat_not_found) {
          this.#set(chatId, known, null);
          return;
        }
        if (!error.retryable) break;
        leastMs = error.retryAfterMs ?? 0;
      }
    }
    if (known.again) return;
    const summary = this.#client.chat(chatId).summary;
    known.gaveUpAt = summary?.readUpTo ?? null;
    this.#set(chatId, known, toldBy(summary));
  }

  async #call(chatId: number, known: Known): Promise<unknown> {
    if (this.#underWay < maxUnderWay) this.#underWay += 1;
    else
      await new Promise<void>((resolve) => {
        this.#queue.push(resolve);
      });
    try {
      known.again = false;
      return this.#follows(chatId, known) ? await this.#get(`/api/chats/${chatId}`) : null;
    } finally {
      const next = this.#queue.shift();
      if (next === undefined) this.#underWay -= 1;
      else next();
    }
  }

  /** It is not closed, and the chat is still in the list, or is not yet. */
  #follows(chatId: number, known: Known): boolean {
    return !this.#closed && this.#known.get(chatId) === known;
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

  #find(chatId: number): Known {
    let known = this.#known.get(chatId);
    if (known === undefined) {
      known = { held: null, taken: undefined, asking: false, again: false, gaveUpAt: null };
      this.#known.set(chatId, known);
    }
    return known;
  }

  #set(chatId: number, known: Known, mentions: UnreadMentions | null): void {
    if (isSame(known.held, mentions)) return;
    known.held = mentions;
    this.#emitter.emit('changed', chatId);
  }
}

/** What the summary says; with nothing unread there is none, though it was counted before. */
function toldBy(chat: ChatSummary | undefined): UnreadMentions | null {
  return chat === undefined || chat.unread === 0 ? null : chat.mentions;
}

function isSame(one: UnreadMentions | null, other: UnreadMentions | null): boolean {
  return one?.count === other?.count && one?.first === other?.first;
}

function mentionsOf(chat: unknown): UnreadMentions | null {
  const found = isObject(chat) ? chat['mentions'] : null;
  return found == null ? null : { count: numberOf(found, 'count'), first: numberOf(found, 'first') };
}
