import { arrayOf, isObject, numberOf, objectOf, oneOf, optionalNumber, optionalText, textOf } from '../account/json.js';
import { queryOf } from '../account/query.js';
import type { HttpMethod } from '../account/rest.js';
import { callSignedIn } from '../account/signed-in.js';
import { newUuid } from '../account/uuid.js';
import type { ChatClient, ClientOptions, MessageContent } from '../api.js';
import * as inboxKinds from '../inbox-kinds.js';

/** One's messages that are to be sent later: over REST, and apart from the core. `followScheduled` tells when to ask again. */
export interface Scheduled {
  /**
   * Schedules a message. The same object given again is a retry, and so is the same `clientMessageId`: it is scheduled, and sent, once, and what
   * became of the first one is answered. When it is sent, it marks what came before it in the chat as read, as every message of one's own does.
   * Fails with `schedule_time_invalid`, `too_many_scheduled`, and as a message that is sent at once.
   */
  schedule(message: NewScheduledMessage): Promise<ScheduledMessage>;
  /** Those that wait, are being sent or failed, by due time, page after page; of all chats, or of one. */
  list(options?: { chatId?: number; cursor?: string; limit?: number }): Promise<ScheduledPage>;
  /**
   * Changes when it is sent, what it says, or both; one that failed waits again. With the `version` that was shown, a change on another device is
   * not overwritten. Fails with `message_not_found` or `not_changeable`, and as `schedule`.
   */
  change(id: number, change: { dueAt?: Date; message?: ScheduledWords; version?: number }): Promise<ScheduledMessage>;
  /** Takes it back; twice is no failure. Fails with `message_not_found`, and with `not_changeable` where it is being sent, or was. */
  cancel(id: number): Promise<void>;
  /** Makes it due now: it is in the chat within seconds. */
  sendNow(id: number): Promise<ScheduledMessage>;
}

export type ScheduledState = 'waiting' | 'sending' | 'failed' | 'sent' | 'cancelled';

/** What it says, as of a message that is sent at once. */
export interface ScheduledWords {
  readonly text: string;
  /** Sequence of the message of the chat that is answered. */
  readonly replyTo?: number;
  readonly content?: MessageContent;
}

export interface NewScheduledMessage {
  /** A UUID, for a retry that outlives this object; made once for each object if it is missing. */
  readonly clientMessageId?: string;
  readonly chatId: number;
  /** 10 seconds to 366 days from now. */
  readonly dueAt: Date;
  readonly message: ScheduledWords;
}

export interface ScheduledMessage {
  readonly id: number;
  readonly chatId: number;
  /** The message has it when it is sent. */
  readonly clientMessageId: string;
  readonly state: ScheduledState | 'unknown';
  /** ISO 8601. */
  readonly dueAt: string;
  /** ISO 8601. */
  readonly createdAt: string;
  /** ISO 8601. */
  readonly changedAt: string;
  /** Grows with every change. */
  readonly version: number;
  /** Null once it was sent or cancelled. */
  readonly message: ScheduledWords | null;
  /** Why it failed: the name of an error code. */
  readonly reason: string | null;
  /** In the chat, once it was sent. */
  readonly sequence: number | null;
}

export interface ScheduledPage {
  readonly messages: readonly ScheduledMessage[];
  readonly nextCursor: string | null;
}

/** One of them waits, waits otherwise, was sent, failed or was cancelled, on whichever device. */
export interface ScheduledChange {
  readonly chatId: number;
  readonly id: number;
}

const states: readonly ScheduledState[] = ['waiting', 'sending', 'failed', 'sent', 'cancelled'];

/** Takes what `createClient` takes: the same address and tokens. */
export function createScheduled(options: Pick<ClientOptions, 'url' | 'token'>): Scheduled {
  return new LiveScheduled((method, path, body) => callSignedIn(options.url, options.token, { method, path, body }));
}

/** Tells what became of them, on all devices of the person; what was missed comes after a reconnect. Gives what ends it. */
export function followScheduled(client: Pick<ChatClient, 'on'>, listener: (change: ScheduledChange) => void): () => void {
  return client.on('inbox', ({ kind, subjectId, replyTo }) => {
    if (kind === inboxKinds.scheduled_changed && subjectId !== null && replyTo !== null) listener({ chatId: subjectId, id: replyTo });
  });
}

export class LiveScheduled implements Scheduled {
  readonly #rest: (method: HttpMethod, path: string, body?: unknown) => Promise<unknown>;
  /** Of what was scheduled without one: the id by which a retry is known. */
  readonly #ids = new WeakMap<NewScheduledMessage, string>();

  constructor(rest: (method: HttpMethod, path: string, body?: unknown) => Promise<unknown>) {
    this.#rest = rest;
  }

  async schedule(message: NewScheduledMessage): Promise<ScheduledMessage> {
    const clientMessageId = message.clientMessageId ?? this.#ids.get(message) ?? newUuid();
    this.#ids.set(message, clientMessageId);
    const { chatId, dueAt, message: words } = message;
    return messageOf(await this.#rest('POST', `/api/chats/${chatId}/scheduled`, { clientMessageId, dueAt, message: words }));
  }

  async list(options: { chatId?: number; cursor?: string; limit?: number } = {}): Promise<ScheduledPage> {
    const { chatId: chat, cursor, limit } = options;
    const page = await this.#rest('GET', `/api/scheduled${queryOf({ chat, cursor, limit })}`);
    return { messages: arrayOf(page, 'items').map(messageOf), nextCursor: optionalText(page, 'nextCursor') };
  }

  async change(id: number, change: { dueAt?: Date; message?: ScheduledWords; version?: number }): Promise<ScheduledMessage> {
    return messageOf(await this.#rest('PUT', `/api/scheduled/${id}`, change));
  }

  async cancel(id: number): Promise<void> {
    await this.#rest('DELETE', `/api/scheduled/${id}`);
  }

  async sendNow(id: number): Promise<ScheduledMessage> {
    return messageOf(await this.#rest('POST', `/api/scheduled/${id}/send`));
  }
}

function messageOf(answer: unknown): ScheduledMessage {
  return {
    id: numberOf(answer, 'id'),
    chatId: numberOf(answer, 'chatId'),
    clientMessageId: textOf(answer, 'clientMessageId'),
    state: oneOf(states, textOf(answer, 'state')),
    dueAt: textOf(answer, 'dueAt'),
    createdAt: textOf(answer, 'createdAt'),
    changedAt: textOf(answer, 'changedAt'),
    version: numberOf(answer, 'version'),
    message: isObject(answer) && answer['message'] != null ? wordsOf(objectOf(answer, 'message')) : null,
    reason: optionalText(answer, 'reason'),
    sequence: optionalNumber(answer, 'sequence'),
  };
}

function wordsOf(answer: object): ScheduledWords {
  const replyTo = optionalNumber(answer, 'replyTo');
  const content = 'content' in answer && isObject(answer.content) ? answer.content : null;
  return {
    text: textOf(answer, 'text'),
    ...(replyTo !== null && { replyTo }),
    ...(content !== null && { content: { ...(bare(content) as object), kind: textOf(content, 'kind') } as MessageContent }),
  };
}

/** Without members that say nothing: REST has them as null, or as an empty list. */
function bare(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(bare);
  if (!isObject(value)) return value;
  const said = Object.entries(value).filter(([, member]) => member != null && !(Array.isArray(member) && member.length === 0));
  return Object.fromEntries(said.map(([name, member]) => [name, bare(member)]));
}
