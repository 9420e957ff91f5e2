import { queryOf } from '../account/query.js';
import type { HttpMethod } from '../account/rest.js';
import { callSignedIn } from '../account/signed-in.js';
import type { ClientOptions } from '../api.js';
import type { MemberRole } from '../codes.js';

/** What a chat is to oneself alone, and what a group or channel is to all: rare, so over REST, and apart from the core. */
export interface ChatSettings {
  /** Without a time for ever. */
  mute(chatId: number, until?: Date): Promise<void>;
  unmute(chatId: number): Promise<void>;
  /** A message takes it out again, unless it is muted. */
  archive(chatId: number): Promise<void>;
  unarchive(chatId: number): Promise<void>;
  /** Fails with `too_many_pins`. */
  pin(chatId: number): Promise<void>;
  unpin(chatId: number): Promise<void>;
  /** With `summary.readUpTo`, what was read here before does not end it, though it is on its way yet. */
  markUnread(chatId: number, readUpTo?: number): Promise<void>;
  unmarkUnread(chatId: number): Promise<void>;
  /** One's own theme; null for the chat's. */
  setTheme(chatId: number, theme: string | null): Promise<void>;
  /** Takes the history, or what is up to a sequence, from one's own sight, for good. */
  clear(chatId: number, upTo?: number): Promise<void>;
  /** Changes a group or channel for all; what is left out stays, an empty text clears. Whose role is enough is the chat's own setting. */
  update(chatId: number, change: ChatChange): Promise<void>;
  /**
   * Deletes a group or channel for everyone, for good; for its admins. Again it is done already. Fails with `not_allowed`, and with
   * `not_deletable` of a direct chat.
   */
  delete(chatId: number): Promise<void>;
}

export interface ChatChange {
  readonly name?: string;
  readonly description?: string;
  readonly avatar?: string;
  readonly theme?: string;
  /** The public name of a channel. */
  readonly handle?: string;
  /** The least role that may. For admins, in a group. */
  readonly permissions?: { readonly send?: MemberRole; readonly edit?: MemberRole; readonly add?: MemberRole };
}

/** Takes what `createClient` takes: the same address and tokens. What comes of a change, clients hear as events. */
export function createChatSettings(options: Pick<ClientOptions, 'url' | 'token'>): ChatSettings {
  return new LiveChatSettings((method, path, body) => callSignedIn(options.url, options.token, { method, path, body }));
}

export class LiveChatSettings implements ChatSettings {
  readonly #rest: (method: HttpMethod, path: string, body?: unknown) => Promise<unknown>;

  constructor(rest: (method: HttpMethod, path: string, body?: unknown) => Promise<unknown>) {
    this.#rest = rest;
  }

  mute(chatId: number, until?: Date): Promise<void> {
    return this.#do('POST', chatId, '/mute', until === undefined ? {} : { until: until.toISOString() });
  }

  unmute(chatId: number): Promise<void> {
    return this.#do('DELETE', chatId, '/mute');
  }

  archive(chatId: number): Promise<void> {
    return this.#do('POST', chatId, '/archive');
  }

  unarchive(chatId: number): Promise<void> {
    return this.#do('DELETE', chatId, '/archive');
  }

  pin(chatId: number): Promise<void> {
    return this.#do('POST', chatId, '/pin');
  }

  unpin(chatId: number): Promise<void> {
    return this.#do('DELETE', chatId, '/pin');
  }

  markUnread(chatId: number, readUpTo?: number): Promise<void> {
    return this.#do('POST', chatId, `/unread${queryOf({ readUpTo })}`);
  }

  unmarkUnread(chatId: number): Promise<void> {
    return this.#do('DELETE', chatId, '/unread');
  }

  setTheme(chatId: number, theme: string | null): Promise<void> {
    return this.#do('PUT', chatId, '/theme', theme === null ? {} : { theme });
  }

  clear(chatId: number, upTo?: number): Promise<void> {
    return this.#do('POST', chatId, '/clear', upTo === undefined ? {} : { upTo });
  }

  update(chatId: number, change: ChatChange): Promise<void> {
    return this.#do('PUT', chatId, '', change);
  }

  delete(chatId: number): Promise<void> {
    return this.#do('DELETE', chatId, '');
  }

  async #do(method: HttpMethod, chatId: number, what: string, body?: unknown): Promise<void> {
    await this.#rest(method, `/api/chats/${chatId}${what}`, body);
  }
}
