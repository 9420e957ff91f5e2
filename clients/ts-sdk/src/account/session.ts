import * as errorCodes from '../error-codes.js';
import { ChatError } from '../errors.js';
import type { TokenReason } from '../ports.js';
import { numberOf, objectOf, textOf } from './json.js';
import { callRest } from './rest.js';
import { memoryStore, type StoredSession, type TokenStore } from './token-store.js';

export interface SignInOptions {
  /** The server's base address, `http(s)://host[:port]`. */
  url: string;
  /** E-mail address or phone number. */
  login: string;
  password: string;
  /** Where the account has a second step (`second_factor_required`): what its app shows, or a recovery code. */
  code?: string;
  deviceName?: string;
  /** Where the session is kept. Default: in memory. */
  store?: TokenStore;
}

export interface RegisterOptions {
  url: string;
  name: string;
  /** E-mail, phone, or both. */
  email?: string;
  phone?: string;
  password: string;
  deviceName?: string;
  store?: TokenStore;
}

/** A token that ends within this time is refreshed before it is given out. */
const freshMarginMs = 30_000;

/** What ends a session for good: its token will not do any more, or an operator has blocked the account. */
const signedOutCodes: ReadonlySet<number> = new Set([errorCodes.refresh_token_invalid, errorCodes.account_blocked]);

/** A signed-in device: gives access tokens and refreshes them by itself, one refresh at a time. */
export class AccountSession {
  readonly #url: string;
  readonly #store: TokenStore;
  #held: StoredSession | null;
  #refreshing: Promise<string> | null = null;

  /** @internal Use `signIn`, `register` or `restoreSession`. */
  constructor(url: string, store: TokenStore, held: StoredSession) {
    this.#url = url;
    this.#store = store;
    this.#held = held;
    this.principalId = held.principalId;
    this.name = held.name;
  }

  readonly principalId: number;
  readonly name: string;

  /** An access token. `why` other than `connect` gets a new one even if the old one looks alive. */
  token(why: TokenReason): Promise<string> {
    const held = this.#held;
    if (held === null) return Promise.reject(signedOut());
    if (why === 'connect' && isFresh(held)) return Promise.resolve(held.accessToken);
    this.#refreshing ??= this.#refreshAlone(held).finally(() => {
      this.#refreshing = null;
    });
    return this.#refreshing;
  }

  /** Ends this device's session, here and on the server. */
  signOut(): Promise<void> {
    return this.#end('/api/auth/logout');
  }

  /** Ends the sessions of all devices of the account. */
  signOutEverywhere(): Promise<void> {
    return this.#end('/api/auth/logout-everywhere');
  }

  async #end(path: string): Promise<void> {
    const token = await this.token('connect');
    const held = this.#held;
    await callRest(this.#url, { method: 'POST', path, token });
    if (held !== null) await this.#forget(held);
  }

  /** A refresh token works once, so tabs that share a store take turns. */
  #refreshAlone(held: StoredSession): Promise<string> {
    const locks = (globalThis as { navigator?: { locks?: LockManager } }).navigator?.locks;
    if (locks === undefined) return this.#refresh(held);
    return locks.request(`chat-refresh ${this.#url} ${this.principalId}`, () => this.#refresh(held));
  }

  async #refresh(held: StoredSession): Promise<string> {
    const stored = await this.#ownStored();
    if (stored !== null && stored.refreshToken !== held.refreshToken) {
      this.#held = stored; // another tab was first
      return isFresh(stored) ? stored.accessToken : this.#refresh(stored);
    }
    const { refreshToken } = held;
    let fresh: StoredSession;
    try {
      fresh = storedFrom(await callRest(this.#url, { method: 'POST', path: '/api/auth/refresh', body: { refreshToken } }));
    } catch (thrown) {
      if (!(thrown instanceof ChatError) || !signedOutCodes.has(thrown.code)) throw thrown;
      const newer = await this.#ownStored();
      if (newer !== null && newer.refreshToken !== refreshToken) return this.#refresh(held); // it is taken from the store
      await this.#forget(held);
      throw thrown;
    }
    this.#held = fresh;
    if (await this.#isStored(held)) await this.#store.save(fresh);
    return fresh.accessToken;
  }

  /** What the store holds, unless another account has signed in there. */
  async #ownStored(): Promise<StoredSession | null> {
    const stored = await this.#store.load();
    return stored?.principalId === this.principalId ? stored : null;
  }

  /** Whether the store is still this session's to write: another may have signed in, refreshed or signed out there. */
  async #isStored(held: StoredSession): Promise<boolean> {
    return (await this.#ownStored())?.refreshToken === held.refreshToken;
  }

  async #forget(held: StoredSession): Promise<void> {
    this.#held = null;
    if (await this.#isStored(held)) await this.#store.clear();
  }
}

/** Signs a device in with an e-mail address or phone number and a password. */
export async function signIn(options: SignInOptions): Promise<AccountSession> {
  const { url, store, ...body } = options;
  return enter(url, store, '/api/auth/login', body);
}

/** Makes an account and signs its first device in. */
export async function register(options: RegisterOptions): Promise<AccountSession> {
  const { url, store, ...body } = options;
  return enter(url, store, '/api/auth/register', body);
}

/** The session that a store holds; null if it holds none. Asks nothing of the server. */
export async function restoreSession(options: { url: string; store: TokenStore }): Promise<AccountSession | null> {
  const held = await options.store.load();
  return held === null ? null : new AccountSession(options.url, options.store, held);
}

async function enter(url: string, store: TokenStore | undefined, path: string, body: object): Promise<AccountSession> {
  return sessionFrom(url, store, await callRest(url, { method: 'POST', path, body }));
}

/** @internal The session of the device that an answer signs in. */
export async function sessionFrom(url: string, store: TokenStore = memoryStore(), answer: unknown): Promise<AccountSession> {
  const held = storedFrom(answer);
  await store.save(held);
  return new AccountSession(url, store, held);
}

function storedFrom(answer: unknown): StoredSession {
  const tokens = objectOf(answer, 'data');
  const user = objectOf(tokens, 'user');
  return {
    principalId: numberOf(user, 'principalId'),
    name: textOf(user, 'name'),
    accessToken: textOf(tokens, 'token'),
    accessTokenExpiresAtMs: Date.parse(textOf(tokens, 'expiresAt')),
    refreshToken: textOf(tokens, 'refreshToken'),
  };
}

function isFresh(held: StoredSession): boolean {
  return held.accessTokenExpiresAtMs - freshMarginMs > Date.now();
}

function signedOut(): ChatError {
  return new ChatError(errorCodes.sign_in_required, 'This device is signed out.');
}
