import { flagOf, isObject, numberOf, optionalText, textOf } from '../account/json.js';
import type { HttpMethod } from '../account/rest.js';
import { callSignedIn } from '../account/signed-in.js';
import type { Audience, BlockedPerson, ClientOptions, Contact, OwnProfile, People, PrivacySettings, SignedInDevice } from '../api.js';
import * as errorCodes from '../error-codes.js';
import { ChatError } from '../errors.js';
import * as localErrors from '../local-errors.js';

/** Takes what `createClient` takes: the same address and tokens. */
export function createPeople(options: Pick<ClientOptions, 'url' | 'token'>): People {
  return new LivePeople((method, path, body) => callSignedIn(options.url, options.token, { method, path, body }));
}

export type RestCall = (method: HttpMethod, path: string, body?: unknown) => Promise<unknown>;

/** The longest page that the service gives. */
const perPage = 200;

/** Profile, privacy, contacts and blocks, over REST. */
export class LivePeople implements People {
  readonly #rest: RestCall;

  constructor(rest: RestCall) {
    this.#rest = rest;
  }

  async findPerson(login: string): Promise<{ principalId: number; name: string } | null> {
    const person = await this.#find(`/api/people?login=${encodeURIComponent(login)}`, errorCodes.principal_not_found);
    return person && { principalId: numberOf(person, 'principalId'), name: textOf(person, 'name') };
  }

  async profile(): Promise<OwnProfile> {
    return profileOf(await this.#rest('GET', '/api/user'));
  }

  async updateProfile(change: { name?: string; about?: string; avatar?: string }): Promise<OwnProfile> {
    return profileOf(await this.#rest('PUT', '/api/profile', change));
  }

  async privacy(): Promise<PrivacySettings> {
    return privacyOf(await this.#rest('GET', '/api/privacy'));
  }

  async updatePrivacy(change: Partial<PrivacySettings>): Promise<PrivacySettings> {
    return privacyOf(await this.#rest('PUT', '/api/privacy', change));
  }

  contacts(options: { favouritesOnly?: boolean } = {}): Promise<Contact[]> {
    return this.#pages(`/api/contacts?limit=${perPage}${options.favouritesOnly === true ? '&favourites=true' : ''}`, contactOf);
  }

  async findContact(principalId: number): Promise<Contact | null> {
    const contact = await this.#find(`/api/contacts/${principalId}`, errorCodes.contact_not_found);
    return contact && contactOf(contact);
  }

  async putContact(principalId: number, kept: { name?: string; favourite?: boolean } = {}): Promise<Contact> {
    return contactOf(await this.#rest('PUT', `/api/contacts/${principalId}`, kept));
  }

  async removeContact(principalId: number): Promise<void> {
    await this.#rest('DELETE', `/api/contacts/${principalId}`);
  }

  blocks(): Promise<BlockedPerson[]> {
    return this.#pages(`/api/blocks?limit=${perPage}`, (one) => ({
      principalId: numberOf(one, 'principalId'),
      name: textOf(one, 'name'),
      blockedAt: textOf(one, 'blockedAt'),
    }));
  }

  async block(principalId: number): Promise<void> {
    await this.#rest('PUT', `/api/blocks/${principalId}`);
  }

  async unblock(principalId: number): Promise<void> {
    await this.#rest('DELETE', `/api/blocks/${principalId}`);
  }

  devices(): Promise<SignedInDevice[]> {
    return this.#pages(`/api/devices?limit=${perPage}`, (one) => ({
      deviceId: numberOf(one, 'deviceId'),
      name: textOf(one, 'name'),
      current: flagOf(one, 'current'),
      createdAt: textOf(one, 'createdAt'),
      lastUsedAt: textOf(one, 'lastUsedAt'),
    }));
  }

  async signOutDevice(deviceId: number): Promise<void> {
    await this.#rest('DELETE', `/api/devices/${deviceId}`);
  }

  async changePassword(currentPassword: string, newPassword: string): Promise<void> {
    await this.#rest('PUT', '/api/auth/password', { currentPassword, newPassword });
  }

  /** Null where the service says that there is none. */
  async #find(path: string, noneCode: number): Promise<object | null> {
    try {
      return (await this.#rest('GET', path)) as object;
    } catch (thrown) {
      if (thrown instanceof ChatError && thrown.code === noneCode) return null;
      throw thrown;
    }
  }

  async #pages<T>(path: string, read: (one: unknown) => T): Promise<T[]> {
    const all: T[] = [];
    let after = '';
    do {
      const page = await this.#rest('GET', path + after);
      const items = isObject(page) ? page['items'] : undefined;
      if (!Array.isArray(items)) throw new ChatError(localErrors.malformed_answer, "The answer has no good 'items'.");
      all.push(...items.map(read));
      const next = optionalText(page, 'nextCursor');
      after = next === null ? '' : `&after=${encodeURIComponent(next)}`;
    } while (after !== '');
    return all;
  }
}

function profileOf(answer: unknown): OwnProfile {
  return {
    principalId: numberOf(answer, 'principalId'),
    name: textOf(answer, 'name'),
    email: optionalText(answer, 'email'),
    emailVerified: flagOf(answer, 'emailVerified'),
    phone: optionalText(answer, 'phone'),
    phoneVerified: flagOf(answer, 'phoneVerified'),
    about: optionalText(answer, 'about'),
    avatar: optionalText(answer, 'avatar'),
  };
}

function privacyOf(answer: unknown): PrivacySettings {
  const audience = (member: string): Audience => textOf(answer, member) as Audience;
  return {
    lastSeen: audience('lastSeen'),
    profilePhoto: audience('profilePhoto'),
    about: audience('about'),
    readReceipts: flagOf(answer, 'readReceipts'),
    calls: (optionalText(answer, 'calls') ?? 'everyone') as Audience, // a service that knows no calls does not say
  };
}

function contactOf(answer: unknown): Contact {
  return {
    principalId: numberOf(answer, 'principalId'),
    name: textOf(answer, 'name'),
    ownName: optionalText(answer, 'ownName'),
    favourite: flagOf(answer, 'favourite'),
    statusesMuted: isObject(answer) && answer['statusesMuted'] === true, // a service of before does not say
    blocked: flagOf(answer, 'blocked'),
    about: optionalText(answer, 'about'),
    avatar: optionalText(answer, 'avatar'),
    addedAt: textOf(answer, 'addedAt'),
  };
}
