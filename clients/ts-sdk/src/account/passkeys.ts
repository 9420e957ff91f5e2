import type { ClientOptions } from '../api.js';
import { fromBase64url, toBase64url } from './base64url.js';
import { arrayOf, flagOf, numberOf, objectOf, optionalText, textOf } from './json.js';
import { callRest, type HttpMethod } from './rest.js';
import { type AccountSession, sessionFrom } from './session.js';
import { callSignedIn } from './signed-in.js';
import type { TokenStore } from './token-store.js';

/** One's own passkeys: what signs in with a finger or a PIN, in the place of the password and of a second step's code. */
export interface Passkeys {
  /**
   * Lets the browser make one. `code` where the account has a second step. Throws what `navigator.credentials.create` throws, too: a
   * `DOMException` such as `NotAllowedError` when the person gives up, `InvalidStateError` when the authenticator has one of the account's
   * already, or `NotSupportedError`.
   */
  add(wish: { name: string; password: string; code?: string; signal?: AbortSignal }): Promise<Passkey>;
  /** The oldest first, at most ten. */
  list(): Promise<readonly Passkey[]>;
  /** Fails with `passkey_not_found`. */
  rename(passkeyId: number, name: string): Promise<Passkey>;
  /** Nobody signs in with it any more; devices that did stay signed in. `code` where the account has a second step. */
  remove(passkeyId: number, proof: { password: string; code?: string }): Promise<void>;
}

export interface Passkey {
  readonly passkeyId: number;
  readonly name: string;
  readonly createdAtMs: number;
  /** Null when nobody has signed in with it yet. */
  readonly lastUsedAtMs: number | null;
  /** Whether its maker keeps a copy for its owner's other devices. */
  readonly backedUp: boolean;
}

export interface PasskeySignInOptions {
  /** The server's base address, `http(s)://host[:port]`. */
  url: string;
  deviceName?: string;
  /** Where the session is kept. Default: in memory. */
  store?: TokenStore;
  /** `conditional` offers passkeys where the browser fills in names (`autocomplete="username webauthn"`), and waits until one is chosen. */
  mediation?: 'optional' | 'conditional';
  /** Gives up. */
  signal?: AbortSignal;
}

/** Whether this browser, on this page, can use passkeys. */
export function passkeysWork(): boolean {
  return typeof PublicKeyCredential === 'function' && typeof navigator !== 'undefined' && navigator.credentials !== undefined;
}

/** Takes what `createClient` takes: the same address and tokens. In a browser only. */
export function createPasskeys(options: Pick<ClientOptions, 'url' | 'token'>): Passkeys {
  const rest = (method: HttpMethod, path: string, body?: unknown) =>
    callSignedIn(options.url, options.token, { method, path: `/api/auth/passkeys${path}`, body });
  return {
    add: async ({ name, signal, ...proof }) => {
      mustWork();
      const begun = await rest('POST', '/options', proof);
      const made = await navigator.credentials.create({ publicKey: creationOf(objectOf(begun, 'options')), ...signalOf(signal) });
      return passkeyOf(await rest('POST', '', { ceremony: textOf(begun, 'ceremony'), credential: jsonOf(made), name }));
    },
    list: async () => arrayOf(await rest('GET', ''), 'items').map(passkeyOf),
    rename: async (passkeyId, name) => passkeyOf(await rest('PATCH', `/${passkeyId}`, { name })),
    remove: async (passkeyId, proof) => {
      await rest('POST', `/${passkeyId}/remove`, proof);
    },
  };
}

/**
 * Signs a device in with a passkey that the person chooses. Fails with `passkey_refused` and `account_blocked`, and throws what
 * `navigator.credentials.get` throws, too: a `DOMException` such as `NotAllowedError` when the person gives up, or `NotSupportedError`.
 */
export async function signInWithPasskey(options: PasskeySignInOptions): Promise<AccountSession> {
  const { url, store, mediation, signal, ...device } = options;
  mustWork();
  const begun = await callRest(url, { method: 'POST', path: '/api/auth/passkey-sign-in/options', signal });
  const asked: CredentialRequestOptions = { publicKey: requestOf(objectOf(begun, 'options')), ...signalOf(signal) };
  if (mediation !== undefined) asked.mediation = mediation;
  const body = { ceremony: textOf(begun, 'ceremony'), credential: jsonOf(await navigator.credentials.get(asked)), ...device };
  return sessionFrom(url, store, await callRest(url, { method: 'POST', path: '/api/auth/passkey-sign-in', body }));
}

function mustWork(): void {
  if (!passkeysWork())
    throw new DOMException('This browser, or this page, has no passkeys: they need https, or localhost.', 'NotSupportedError');
}

function signalOf(signal: AbortSignal | undefined): { signal?: AbortSignal } {
  return signal === undefined ? {} : { signal };
}

function passkeyOf(answer: unknown): Passkey {
  const lastUsedAt = optionalText(answer, 'lastUsedAt');
  return {
    passkeyId: numberOf(answer, 'passkeyId'),
    name: textOf(answer, 'name'),
    createdAtMs: Date.parse(textOf(answer, 'createdAt')),
    lastUsedAtMs: lastUsedAt === null ? null : Date.parse(lastUsedAt),
    backedUp: flagOf(answer, 'backedUp'),
  };
}

// The conversions are ours: parseCreationOptionsFromJSON and toJSON are younger than passkeys, and some password managers give objects without them.

type Json = Readonly<Record<string, unknown>>;

function creationOf(json: Json): PublicKeyCredentialCreationOptions {
  const user = objectOf(json, 'user');
  return {
    ...json,
    challenge: fromBase64url(textOf(json, 'challenge')),
    user: { ...user, id: fromBase64url(textOf(user, 'id')) },
    excludeCredentials: descriptorsOf(json, 'excludeCredentials'),
  } as unknown as PublicKeyCredentialCreationOptions;
}

function requestOf(json: Json): PublicKeyCredentialRequestOptions {
  return {
    ...json,
    challenge: fromBase64url(textOf(json, 'challenge')),
    allowCredentials: descriptorsOf(json, 'allowCredentials'),
  } as unknown as PublicKeyCredentialRequestOptions;
}

function descriptorsOf(json: Json, member: string): unknown[] {
  if (json[member] === undefined) return [];
  return arrayOf(json, member).map((one) => ({ ...(one as Json), id: fromBase64url(textOf(one, 'id')) }));
}

function jsonOf(credential: Credential | null): Json {
  if (credential === null) throw new DOMException('The browser gave no passkey.', 'NotAllowedError');
  const { id, type, rawId, response, authenticatorAttachment } = credential as PublicKeyCredential;
  return {
    id,
    type,
    rawId: toBase64url(rawId),
    clientExtensionResults: {},
    ...(authenticatorAttachment ? { authenticatorAttachment } : {}),
    response: responseOf(response as AuthenticatorAttestationResponse & AuthenticatorAssertionResponse),
  };
}

function responseOf(response: AuthenticatorAttestationResponse & AuthenticatorAssertionResponse): Json {
  const clientDataJSON = toBase64url(response.clientDataJSON);
  if (response.attestationObject !== undefined) {
    return { clientDataJSON, attestationObject: toBase64url(response.attestationObject), transports: response.getTransports?.() ?? [] };
  }
  const { authenticatorData, signature, userHandle } = response;
  return {
    clientDataJSON,
    authenticatorData: toBase64url(authenticatorData),
    signature: toBase64url(signature),
    userHandle: userHandle === null ? null : toBase64url(userHandle),
  };
}
