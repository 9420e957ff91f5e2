import { arrayOf, flagOf, isObject, numberOf, objectOf, oneOf, optionalNumber, optionalText, textOf } from '../account/json.js';
import { queryOf } from '../account/query.js';
import type { HttpMethod } from '../account/rest.js';
import { callSignedIn } from '../account/signed-in.js';
import type { ClientOptions, Location, MessageContent } from '../api.js';
import { type ChatKind, type ContentKind, chatKindNames, contentKinds } from '../codes.js';
import { mediaAnswer } from '../files/media-answer.js';

/** Channels, invite links and what was shared in a chat: rare, so over REST, and apart from the core. */
export interface Joining {
  /** Makes a channel, whose admin one becomes; without a handle people come by invite link only. Gives its id; the client hears of it. */
  createChannel(channel: { name: string; description?: string; avatar?: string; handle?: string }): Promise<number>;
  /** Fails with `invite_not_found`. */
  previewChannel(handle: string): Promise<ChatPreview>;
  /** Gives the channel's id; the client hears of it. One leaves it with `leave` of `createGroups`. */
  subscribe(handle: string): Promise<number>;
  createInvite(chatId: number, bounds?: { expiresAt?: Date; maxUses?: number }): Promise<InviteLink>;
  /** All of them, the newest first. */
  invites(chatId: number): Promise<InviteLink[]>;
  revokeInvite(chatId: number, code: string): Promise<void>;
  /** Fails with `invite_not_found` or `invite_expired`. */
  previewInvite(code: string): Promise<ChatPreview>;
  /** Gives the chat's id; the client hears of it. */
  join(code: string): Promise<number>;
  /** What was shared in a chat, the newest first; images and videos unless asked otherwise. */
  media(chatId: number, options?: { kinds?: readonly ContentKind[]; cursor?: string; limit?: number }): Promise<MediaPage>;
}

/** What one learns of a group or channel before one is in it. */
export interface ChatPreview {
  readonly chatId: number;
  readonly kind: ChatKind | 'unknown';
  readonly name: string | null;
  readonly description: string | null;
  readonly avatar: string | null;
  readonly memberCount: number;
  /** One is in it. */
  readonly joined: boolean;
}

/** Whoever has the code may join. */
export interface InviteLink {
  readonly code: string;
  readonly chatId: number;
  readonly createdBy: number;
  /** ISO 8601. */
  readonly createdAt: string;
  /** ISO 8601; null is for ever. */
  readonly expiresAt: string | null;
  /** Null is any number. */
  readonly maxUses: number | null;
  readonly uses: number;
  readonly revoked: boolean;
}

export interface MediaPage {
  /** Sequences of the messages. */
  readonly sequences: readonly number[];
  readonly messages: readonly SharedMessage[];
  readonly nextCursor: string | null;
}

/** A message that carries something, as the one who asked may see it now. */
export interface SharedMessage {
  readonly chatId: number;
  readonly sequence: number;
  readonly senderId: number;
  /** ISO 8601. */
  readonly createdAt: string;
  /** The caption; empty where there is none. */
  readonly text: string;
  /** What it is, and its file, place or contact. */
  readonly content: Pick<MessageContent, 'kind' | 'media' | 'location' | 'contact'>;
}

const contentKindNames = Object.keys(contentKinds) as ContentKind[];

/** Takes what `createClient` takes: the same address and tokens. */
export function createJoining(options: Pick<ClientOptions, 'url' | 'token'>): Joining {
  return new LiveJoining((method, path, body) => callSignedIn(options.url, options.token, { method, path, body }));
}

export class LiveJoining implements Joining {
  readonly #rest: (method: HttpMethod, path: string, body?: unknown) => Promise<unknown>;

  constructor(rest: (method: HttpMethod, path: string, body?: unknown) => Promise<unknown>) {
    this.#rest = rest;
  }

  async createChannel(channel: { name: string; description?: string; avatar?: string; handle?: string }): Promise<number> {
    return numberOf(await this.#rest('POST', '/api/channels', channel), 'chatId');
  }

  async previewChannel(handle: string): Promise<ChatPreview> {
    return previewOf(await this.#rest('GET', `/api/channels/${encodeURIComponent(handle)}`));
  }

  async subscribe(handle: string): Promise<number> {
    return numberOf(await this.#rest('POST', `/api/channels/${encodeURIComponent(handle)}/subscribe`), 'chatId');
  }

  async createInvite(chatId: number, bounds: { expiresAt?: Date; maxUses?: number } = {}): Promise<InviteLink> {
    const { expiresAt, maxUses } = bounds;
    return inviteOf(await this.#rest('POST', `/api/chats/${chatId}/invites`, { expiresAt: expiresAt?.toISOString(), maxUses }));
  }

  async invites(chatId: number): Promise<InviteLink[]> {
    const all: InviteLink[] = [];
    let cursor = '';
    do {
      const page = await this.#rest('GET', `/api/chats/${chatId}/invites?limit=100${cursor}`);
      all.push(...arrayOf(page, 'items').map(inviteOf));
      const next = optionalText(page, 'nextCursor');
      cursor = next === null ? '' : `&cursor=${encodeURIComponent(next)}`;
    } while (cursor !== '');
    return all;
  }

  async revokeInvite(chatId: number, code: string): Promise<void> {
    await this.#rest('DELETE', `/api/chats/${chatId}/invites/${encodeURIComponent(code)}`);
  }

  async previewInvite(code: string): Promise<ChatPreview> {
    return previewOf(await this.#rest('GET', `/api/invites/${encodeURIComponent(code)}`));
  }

  async join(code: string): Promise<number> {
    return numberOf(await this.#rest('POST', `/api/invites/${encodeURIComponent(code)}/join`), 'chatId');
  }

  async media(chatId: number, options: { kinds?: readonly ContentKind[]; cursor?: string; limit?: number } = {}): Promise<MediaPage> {
    const { kinds: kind, cursor, limit } = options;
    const page = await this.#rest('GET', `/api/chats/${chatId}/media${queryOf({ kind, cursor, limit })}`);
    const messages = arrayOf(page, 'items').map(sharedOf);
    return { sequences: messages.map(({ sequence }) => sequence), messages, nextCursor: optionalText(page, 'nextCursor') };
  }
}

function previewOf(answer: unknown): ChatPreview {
  return {
    chatId: numberOf(answer, 'chatId'),
    kind: oneOf(chatKindNames, textOf(answer, 'kind')),
    name: optionalText(answer, 'name'),
    description: optionalText(answer, 'description'),
    avatar: optionalText(answer, 'avatar'),
    memberCount: numberOf(answer, 'memberCount'),
    joined: flagOf(answer, 'joined'),
  };
}

function sharedOf(answer: unknown): SharedMessage {
  const content = objectOf(answer, 'content');
  const { media, location } = content;
  const contact = optionalText(content, 'contact');
  return {
    chatId: numberOf(answer, 'chatId'),
    sequence: numberOf(answer, 'sequence'),
    senderId: numberOf(answer, 'senderId'),
    createdAt: textOf(answer, 'createdAt'),
    text: optionalText(answer, 'text') ?? '',
    content: {
      kind: oneOf(contentKindNames, textOf(content, 'kind')),
      ...(isObject(media) && { media: mediaAnswer(media) }),
      ...(isObject(location) && { location: locationOf(location) }),
      ...(contact !== null && { contact }),
    },
  };
}

function locationOf(answer: object): Location {
  const name = optionalText(answer, 'name');
  return { latitude: numberOf(answer, 'latitude'), longitude: numberOf(answer, 'longitude'), ...(name !== null && { name }) };
}

function inviteOf(answer: unknown): InviteLink {
  return {
    code: textOf(answer, 'code'),
    chatId: numberOf(answer, 'chatId'),
    createdBy: numberOf(answer, 'createdBy'),
    createdAt: textOf(answer, 'createdAt'),
    expiresAt: optionalText(answer, 'expiresAt'),
    maxUses: optionalNumber(answer, 'maxUses'),
    uses: numberOf(answer, 'uses'),
    revoked: flagOf(answer, 'revoked'),
  };
}
