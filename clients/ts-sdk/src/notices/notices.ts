import { arrayOf, flagOf, numberOf, oneOf, optionalNumber, optionalText, textOf } from '../account/json.js';
import { queryOf } from '../account/query.js';
import type { HttpMethod } from '../account/rest.js';
import { callSignedIn } from '../account/signed-in.js';
import type { ChatClient, ChatEvent, ClientOptions } from '../api.js';
import { type ContentKind, contentKinds, type MemberRole, memberRoles } from '../codes.js';
import { systemClock } from '../defaults.js';
import * as inboxKinds from '../inbox-kinds.js';
import type { Clock } from '../ports.js';
import { turnMs } from '../sync/turn.js';

/** What happened to one in the last 30 days, over REST, and apart from the core. `followNotices` tells when to ask again. */
export interface Notices {
  /** The newest first, page after page. A page may be short, or empty, though there is a next one. */
  list(options?: { cursor?: string; limit?: number }): Promise<NoticePage>;
  /** How many of the newest hundred are not read. */
  unread(): Promise<UnreadNotices>;
  /** Marks all up to the time of a notice, its `at`, as read on all devices; it never goes back. */
  markRead(upTo: string | Date): Promise<void>;
}

export type NoticeKind =
  | 'mention'
  | 'reply'
  | 'reaction'
  | 'missed_call'
  | 'chat_added'
  | 'chat_removed'
  | 'chat_deleted'
  | 'role_changed'
  | 'sign_in'
  | 'passkey_added';

/** What its kind does not have is null. */
export interface Notice {
  /** The same whenever the same thing is read. */
  readonly id: string;
  /** One that is unknown came after this version: it is not to be shown. */
  readonly kind: NoticeKind | 'unknown';
  /** ISO 8601. */
  readonly at: string;
  readonly read: boolean;
  /** Who did it; oneself, of a sign-in and a passkey. */
  readonly actorId: number;
  readonly chatId: number | null;
  /** Of a group or channel that one is in now. */
  readonly chatName: string | null;
  /** Of the message, or of the event that changed the role. */
  readonly sequence: number | null;
  /** The message as it is now, or its beginning with … at its end; of a reaction one's own. */
  readonly text: string | null;
  /** What the message is beside its text; null for plain text. */
  readonly content: ContentKind | 'unknown' | null;
  readonly emoji: string | null;
  /** The role that one was given. */
  readonly role: MemberRole | 'unknown' | null;
  readonly callId: number | null;
  readonly deviceId: number | null;
  readonly passkeyId: number | null;
  /** What the device or passkey was called. */
  readonly name: string | null;
}

export interface NoticePage {
  readonly notices: readonly Notice[];
  readonly nextCursor: string | null;
}

export interface UnreadNotices {
  readonly count: number;
  /** ISO 8601: what happened up to then is read. */
  readonly readUpTo: string;
}

/** `readUpTo`: on some device one has read all up to then, ISO 8601. Null: there may be other notices. */
export interface NoticesChange {
  readonly readUpTo: string | null;
}

const kinds: readonly NoticeKind[] = [
  'mention',
  'reply',
  'reaction',
  'missed_call',
  'chat_added',
  'chat_removed',
  'chat_deleted',
  'role_changed',
  'sign_in',
  'passkey_added',
];
const contents = Object.keys(contentKinds) as readonly ContentKind[];
const roles = Object.keys(memberRoles) as readonly MemberRole[];

/** A reply is in the list when it is in the index of search, two seconds later at most as a rule. */
const replyPauseMs = 3_000;

/** Takes what `createClient` takes: the same address and tokens. */
export function createNotices(options: Pick<ClientOptions, 'url' | 'token'>): Notices {
  return new LiveNotices((method, path, body) => callSignedIn(options.url, options.token, { method, path, body }));
}

type Cause = 'inbox' | 'message' | 'reply';

/** When the first and the last of what came while it waits is due, by the clock. */
interface Wait {
  due: number;
  last: number;
  cancel: () => void;
}

export type NoticesClient = Pick<ChatClient, 'on' | 'me' | 'chat'>;

/**
 * Tells when there may be other notices, after the pause that is due, and how far they are read on other devices. Replies and reactions are told
 * of where a window holds the message of one's own: so ask when the list is shown, too, and after a reconnect. Gives what ends it.
 */
export function followNotices(
  client: NoticesClient,
  listener: (change: NoticesChange) => void,
  options: { clock?: Clock; random?: () => number } = {},
): () => void {
  const { clock = systemClock, random = Math.random } = options;
  const waiting = new Map<Cause, Wait>();
  const wait = (cause: Cause, due: number, last: number): void => {
    const told = (): void => {
      waiting.delete(cause);
      // A reply that came meanwhile may not be in the index yet; of all else the list has what has happened.
      if (cause === 'reply' && begun.last > clock.now()) wait(cause, begun.last, begun.last);
      listener({ readUpTo: null });
    };
    const begun: Wait = { due, last, cancel: clock.after(Math.max(0, due - clock.now()), told) };
    waiting.set(cause, begun);
  };
  /** For all that comes while it waits there is one call, when the first is due; for replies another one, when the last is. */
  const tellIn = (cause: Cause, ms: number): void => {
    const due = clock.now() + ms;
    const before = waiting.get(cause);
    if (before !== undefined && before.due <= due) {
      before.last = Math.max(before.last, due);
      return;
    }
    before?.cancel();
    wait(cause, due, Math.max(due, before?.last ?? due));
  };
  const take = (event: ChatEvent): void => {
    const news = newsOf(event, client);
    if (news === null) return;
    const turn = turnMs(random, client.chat(event.chatId).summary?.memberCount ?? 0);
    tellIn(news, news === 'reply' ? replyPauseMs + turn : turn);
  };
  const ends = [
    client.on('inbox', ({ kind, replyTo, text }) => {
      if (kind === inboxKinds.notices_read && replyTo !== null) listener({ readUpTo: new Date(replyTo).toISOString() });
      else if (isNews(kind, text)) tellIn('inbox', 0);
    }),
    client.on('message', take),
    client.on('discontinuity', () => tellIn('message', 0)),
  ];
  return () => {
    for (const end of ends) end();
    for (const { cancel } of waiting.values()) cancel();
  };
}

function isNews(kind: number, text: string | null): boolean {
  const { chat_added, chat_removed, call_ended, signed_in, passkey_added } = inboxKinds;
  return kind === call_ended ? text === 'missed' : [chat_added, chat_removed, signed_in, passkey_added].some((known) => known === kind);
}

/** What an event of a chat says of one's notices. */
function newsOf(event: ChatEvent, client: NoticesClient): 'message' | 'reply' | null {
  const me = client.me?.principalId;
  if (me === undefined || event.senderId === me) return null;
  const isOwn = (sequence: number | undefined): boolean =>
    sequence !== undefined && client.chat(event.chatId).messages.items.some((item) => item.sequence === sequence && item.own);
  switch (event.kind) {
    case 'message':
      if (event.content?.forwarded == null && event.content?.marks?.some((mark) => mark.principalId === me)) return 'message';
      return isOwn(event.replyTo) ? 'reply' : null;
    case 'reaction':
      return isOwn(event.target) ? 'message' : null;
    case 'role_changed':
      return event.subjectId === me ? 'message' : null;
    default:
      return null;
  }
}

export class LiveNotices implements Notices {
  readonly #rest: (method: HttpMethod, path: string, body?: unknown) => Promise<unknown>;

  constructor(rest: (method: HttpMethod, path: string, body?: unknown) => Promise<unknown>) {
    this.#rest = rest;
  }

  async list({ cursor, limit }: { cursor?: string; limit?: number } = {}): Promise<NoticePage> {
    const page = await this.#rest('GET', `/api/notices${queryOf({ cursor, limit })}`);
    return { notices: arrayOf(page, 'items').map(noticeOf), nextCursor: optionalText(page, 'nextCursor') };
  }

  async unread(): Promise<UnreadNotices> {
    const answer = await this.#rest('GET', '/api/notices/unread');
    return { count: numberOf(answer, 'count'), readUpTo: textOf(answer, 'readUpTo') };
  }

  async markRead(upTo: string | Date): Promise<void> {
    await this.#rest('POST', '/api/notices/read', { upTo });
  }
}

function noticeOf(answer: unknown): Notice {
  const content = optionalText(answer, 'content');
  const role = optionalText(answer, 'role');
  return {
    id: textOf(answer, 'id'),
    kind: oneOf(kinds, textOf(answer, 'kind')),
    at: textOf(answer, 'at'),
    read: flagOf(answer, 'read'),
    actorId: numberOf(answer, 'actorId'),
    chatId: optionalNumber(answer, 'chatId'),
    chatName: optionalText(answer, 'chatName'),
    sequence: optionalNumber(answer, 'sequence'),
    text: optionalText(answer, 'text'),
    content: content === null ? null : oneOf(contents, content),
    emoji: optionalText(answer, 'emoji'),
    role: role === null ? null : oneOf(roles, role),
    callId: optionalNumber(answer, 'callId'),
    deviceId: optionalNumber(answer, 'deviceId'),
    passkeyId: optionalNumber(answer, 'passkeyId'),
    name: optionalText(answer, 'name'),
  };
}
