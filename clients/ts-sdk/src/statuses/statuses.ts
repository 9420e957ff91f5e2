import { arrayOf, flagOf, isObject, numberOf, objectOf, oneOf, optionalText, textOf } from '../account/json.js';
import { queryOf } from '../account/query.js';
import type { HttpMethod } from '../account/rest.js';
import { callSignedIn } from '../account/signed-in.js';
import { newUuid } from '../account/uuid.js';
import type { ChatClient, ClientOptions, Media, MessageContent, StatusChange } from '../api.js';
import { systemClock } from '../defaults.js';
import { mediaAnswer } from '../files/media-answer.js';
import * as inboxKinds from '../inbox-kinds.js';
import type { Clock } from '../ports.js';
import { turnMs } from '../sync/turn.js';

/** What people show to their contacts for a day: over REST, and apart from the core. `followStatuses` tells when to ask again. */
export interface Statuses {
  /** Who shows one something, the newest first, page after page; not oneself. */
  authors(options?: {
    cursor?: string;
    limit?: number;
  }): Promise<{ readonly authors: readonly StatusAuthor[]; readonly nextCursor: string | null }>;
  /** All that a person shows one, or that one shows oneself, in the order of posting. */
  of(principalId: number): Promise<Status[]>;
  /**
   * Posts one to whom one's privacy names now. The same object posted again is a retry, and so is the same `clientStatusId`: it is posted once.
   * Fails with `blob_not_found` or `too_many_statuses`.
   */
  post(status: NewStatus): Promise<Status>;
  /** Notes that one has looked at it. Fails with `status_not_found`. */
  view(statusId: number): Promise<void>;
  /**
   * Keeps a contact's statuses apart on all one's devices (`StatusAuthor.muted`; `client.on('people')` tells the others); the contact is not
   * told. Fails with `contact_not_found`.
   */
  mute(principalId: number): Promise<void>;
  /** Takes back what `mute` did. Fails with `contact_not_found`. */
  unmute(principalId: number): Promise<void>;
  /** Who has looked at one's own, the last one first; none while one's read receipts are off. */
  viewers(statusId: number, options?: { cursor?: string; limit?: number }): Promise<StatusViewers>;
  /** Takes one's own back, and its file. */
  delete(statusId: number): Promise<void>;
  privacy(): Promise<StatusPrivacy>;
  /** For whom the next ones are; those that are posted stay as they are. */
  setPrivacy(privacy: StatusPrivacy): Promise<StatusPrivacy>;
  /** The content of a message that answers a status; goes to the direct chat with its author. */
  answer(status: Status, content?: MessageContent): MessageContent;
}

export type StatusKind = 'text' | 'image' | 'video';
export type StatusFont = 'sans' | 'serif' | 'mono' | 'script' | 'bold';
export type StatusAudience = 'contacts' | 'contacts_except' | 'only';

export interface NewStatus {
  /** A UUID, for a retry that outlives this object; made once for each object if it is missing. */
  readonly clientStatusId?: string;
  readonly kind: StatusKind;
  /** The text, or a caption; at most 700 characters. */
  readonly text?: string;
  /** `#RRGGBB`, of a text. */
  readonly background?: string;
  /** Of a text. */
  readonly font?: StatusFont;
  /** Of an image or video: a file that was uploaded for a status. */
  readonly media?: Media;
}

export interface Status {
  readonly id: number;
  readonly authorId: number;
  readonly kind: StatusKind | 'unknown';
  readonly text: string | null;
  readonly background: string | null;
  readonly font: StatusFont | 'unknown' | null;
  readonly media: Media | null;
  /** ISO 8601. */
  readonly createdAt: string;
  /** ISO 8601. It is gone then: stop showing it. */
  readonly expiresAt: string;
  /** One has looked at it. */
  readonly seen: boolean;
}

export interface StatusAuthor {
  readonly authorId: number;
  readonly name: string;
  /** The name under which one keeps them. */
  readonly ownName: string | null;
  readonly avatar: string | null;
  readonly total: number;
  readonly unseen: number;
  /** One has muted them: show theirs apart, and do not call attention to them. */
  readonly muted: boolean;
  readonly newestId: number;
  /** ISO 8601. */
  readonly newestAt: string;
}

export interface StatusViewers {
  readonly viewers: readonly {
    readonly principalId: number;
    readonly name: string;
    readonly avatar: string | null;
    readonly viewedAt: string;
  }[];
  /** Of all pages. */
  readonly total: number;
  readonly nextCursor: string | null;
}

export interface StatusPrivacy {
  readonly audience: StatusAudience | 'unknown';
  /** Whom `contacts_except` leaves out and `only` names; at most 1,000. */
  readonly people: readonly number[];
}

const kinds: readonly StatusKind[] = ['text', 'image', 'video'];
const fonts: readonly StatusFont[] = ['sans', 'serif', 'mono', 'script', 'bold'];
const audiences: readonly StatusAudience[] = ['contacts', 'contacts_except', 'only'];
const perPage = 100;
/** Of a status's text in a message that answers it (protocol-spec.md §6.38). */
const answeredChars = 100;

/** Takes what `createClient` takes: the same address and tokens. */
export function createStatuses(options: Pick<ClientOptions, 'url' | 'token'>): Statuses {
  return new LiveStatuses((method, path, body) => callSignedIn(options.url, options.token, { method, path, body }));
}

/**
 * Tells that statuses came, went or were looked at; `createStatuses` asks what there is now. May be missed while not connected. That another's came
 * or went is told after a random pause, and once for all that came meanwhile: thousands hear of it at once, and should not all ask at once
 * (protocol-spec.md §6.25). Gives what ends it.
 */
export function followStatuses(
  client: Pick<ChatClient, 'me' | 'on'>,
  listener: (change: StatusChange) => void,
  { clock = systemClock, random = Math.random }: { readonly clock?: Clock; readonly random?: () => number } = {},
): () => void {
  const waiting = new Map<number, () => void>();
  const stop = client.on('inbox', ({ kind, subjectId: authorId, senderId: by, replyTo: statusId }) => {
    if (authorId === null || (kind !== inboxKinds.statuses_changed && kind !== inboxKinds.status_viewed)) return;
    const change = { authorId, by, statusId };
    if (statusId !== null || authorId === client.me?.principalId) listener(change);
    else if (!waiting.has(authorId)) {
      const tell = () => {
        waiting.delete(authorId);
        listener(change);
      };
      waiting.set(authorId, clock.after(turnMs(random, Number.POSITIVE_INFINITY), tell));
    }
  });
  return () => {
    stop();
    for (const cancel of waiting.values()) cancel();
    waiting.clear();
  };
}

export class LiveStatuses implements Statuses {
  readonly #rest: (method: HttpMethod, path: string, body?: unknown) => Promise<unknown>;
  /** Of what was posted without one: the id by which a retry is known. */
  readonly #ids = new WeakMap<NewStatus, string>();

  constructor(rest: (method: HttpMethod, path: string, body?: unknown) => Promise<unknown>) {
    this.#rest = rest;
  }

  async authors(
    options: { cursor?: string; limit?: number } = {},
  ): Promise<{ readonly authors: readonly StatusAuthor[]; readonly nextCursor: string | null }> {
    const { cursor, limit } = options;
    const page = await this.#rest('GET', `/api/status${queryOf({ cursor, limit })}`);
    return { authors: arrayOf(page, 'items').map(authorOf), nextCursor: optionalText(page, 'nextCursor') };
  }

  async of(principalId: number): Promise<Status[]> {
    const all: Status[] = [];
    let cursor: string | null = null;
    do {
      const page = await this.#rest('GET', `/api/status/user/${principalId}${queryOf({ cursor: cursor ?? undefined, limit: perPage })}`);
      all.push(...arrayOf(page, 'items').map(statusOf));
      cursor = optionalText(page, 'nextCursor');
    } while (cursor !== null);
    return all;
  }

  async post(status: NewStatus): Promise<Status> {
    const clientStatusId = status.clientStatusId ?? this.#ids.get(status) ?? newUuid();
    this.#ids.set(status, clientStatusId);
    return statusOf(await this.#rest('POST', '/api/status', { ...status, clientStatusId }));
  }

  async view(statusId: number): Promise<void> {
    await this.#rest('POST', `/api/status/${statusId}/view`);
  }

  async mute(principalId: number): Promise<void> {
    await this.#rest('PUT', `/api/status/user/${principalId}/mute`);
  }

  async unmute(principalId: number): Promise<void> {
    await this.#rest('DELETE', `/api/status/user/${principalId}/mute`);
  }

  async viewers(statusId: number, options: { cursor?: string; limit?: number } = {}): Promise<StatusViewers> {
    const { cursor, limit } = options;
    const page = await this.#rest('GET', `/api/status/${statusId}/viewers${queryOf({ cursor, limit })}`);
    return {
      viewers: arrayOf(page, 'items').map((one) => ({
        principalId: numberOf(one, 'principalId'),
        name: textOf(one, 'name'),
        avatar: optionalText(one, 'avatar'),
        viewedAt: textOf(one, 'viewedAt'),
      })),
      total: numberOf(page, 'total'),
      nextCursor: optionalText(page, 'nextCursor'),
    };
  }

  async delete(statusId: number): Promise<void> {
    await this.#rest('DELETE', `/api/status/${statusId}`);
  }

  async privacy(): Promise<StatusPrivacy> {
    return privacyOf(await this.#rest('GET', '/api/status/privacy'));
  }

  async setPrivacy(privacy: StatusPrivacy): Promise<StatusPrivacy> {
    return privacyOf(await this.#rest('PUT', '/api/status/privacy', privacy));
  }

  answer({ id, kind, text }: Status, content: MessageContent = { kind: 'text' }): MessageContent {
    const begins = beginningOf(text ?? '');
    return { ...content, status: { statusId: id, kind, ...(begins !== '' && { text: begins }) } };
  }
}

/** Cuts no character in two. */
function beginningOf(text: string): string {
  return /[\uD800-\uDBFF]/.test(text.charAt(answeredChars - 1)) ? text.slice(0, answeredChars - 1) : text.slice(0, answeredChars);
}

function statusOf(answer: unknown): Status {
  const font = optionalText(answer, 'font');
  return {
    id: numberOf(answer, 'id'),
    authorId: numberOf(answer, 'authorId'),
    kind: oneOf(kinds, textOf(answer, 'kind')),
    text: optionalText(answer, 'text'),
    background: optionalText(answer, 'background'),
    font: font === null ? null : oneOf(fonts, font),
    media: isObject(answer) && answer['media'] != null ? mediaAnswer(objectOf(answer, 'media')) : null,
    createdAt: textOf(answer, 'createdAt'),
    expiresAt: textOf(answer, 'expiresAt'),
    seen: flagOf(answer, 'seen'),
  };
}

function authorOf(answer: unknown): StatusAuthor {
  return {
    authorId: numberOf(answer, 'authorId'),
    name: textOf(answer, 'name'),
    ownName: optionalText(answer, 'ownName'),
    avatar: optionalText(answer, 'avatar'),
    total: numberOf(answer, 'total'),
    unseen: numberOf(answer, 'unseen'),
    muted: isObject(answer) && answer['muted'] === true, // a service of before does not say
    newestId: numberOf(answer, 'newestId'),
    newestAt: textOf(answer, 'newestAt'),
  };
}

function privacyOf(answer: unknown): StatusPrivacy {
  return {
    audience: oneOf(audiences, textOf(answer, 'audience')),
    people: arrayOf(answer, 'people').filter((id): id is number => typeof id === 'number'),
  };
}
