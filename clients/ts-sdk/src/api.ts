import type { ChatDetails, OwnSettings } from './chats/settings.js';
import type { ChatKind, EventKind, MemberRole } from './codes.js';
import type { Connection } from './connection/connection.js';
import type { ConnectionState } from './connection/state.js';
import type { ChatError } from './errors.js';
import type { MessageContent } from './message-content.js';
import type { Clock, Logger, OutboxKeeper, RetryPolicy, TokenReason, TransportFactory, WakeSignals } from './ports.js';

export type * from './message-content.js';

export interface ClientOptions {
  /** The server's base address, `http(s)://host[:port]`. */
  url: string;
  /** Gives an access token. `AccountSession.token` fits; it is called again when a token expires or is refused. */
  token: (why: TokenReason) => Promise<string>;
  transport?: TransportFactory;
  clock?: Clock;
  /** 0 ≤ x < 1, for jitter only. */
  random?: () => number;
  retryPolicy?: RetryPolicy;
  logger?: Logger;
  wakeSignals?: WakeSignals;
  /** Told to the server for its logs. Default `ts-sdk/<version>`. */
  clientName?: string;
  /** Tell the server by itself what was delivered. Default true. */
  markDelivered?: boolean;
  /** Sends of one chat on their way at once. 1 (default) keeps their order whatever happens; more is faster, and `busy` may reorder. */
  sendsInFlightPerChat?: number;
  /** Bytes of text that may wait to be sent; beyond it a send fails at once. Default 4 MiB. */
  maxQueuedBytes?: number;
  /** Keeps what waits to be sent beyond the life of the page: `indexedDbOutbox` of `@chat/sdk/offline`. Default: it ends with the client. */
  outbox?: OutboxKeeper;
  /** Missed events of one chat that are fetched after a pause; more raise `discontinuity` and are skipped. Default 10,000. */
  maxCatchUp?: number;
}

export interface ClientEvents {
  state: { readonly from: ConnectionState; readonly to: ConnectionState };
  /** Every new event of every chat: in order within its chat, exactly once. */
  message: ChatEvent;
  /** `send` was called: the message is shown, and goes out when it can. */
  sending: OutgoingMessage;
  /** The list changed (any summary, the order, its length). At most once per turn of the event loop. */
  chats: ChatList;
  /** One starred a message, or took the star away, on whichever device. */
  starred: { readonly chatId: number; readonly sequence: number; readonly starred: boolean };
  /** One deleted a message for oneself alone, on whichever device. Windows drop it by themselves. */
  hidden: { readonly chatId: number; readonly sequence: number };
  /** One cleared a chat's history for oneself, up to a sequence, on whichever device. Windows drop it by themselves. */
  cleared: { readonly chatId: number; readonly upTo: number };
  receipts: { readonly chatId: number; readonly receipts: readonly Receipt[] };
  /** What is held of this chat is void or has a hole; it starts again from the present. */
  discontinuity: Discontinuity;
  /** One's profile or privacy, a contact or a block changed, here or on another device; `createPeople` asks what it is now. */
  people: PeopleChange;
  /** Every event of one's inbox, hints that are in no log among them (`followStatuses`), and pushes that the core does not know itself: for the parts of this package that go by them. */
  inbox: InboxEvent;
  push: { readonly kind: string; readonly value: unknown };
  /** Names of these principals are known now (`principalName`). */
  principals: readonly number[];
  error: ChatError;
}

/** What the inbox says, protocol-spec.md §6.25. */
export interface InboxEvent {
  readonly kind: number;
  readonly senderId: number;
  readonly subjectId: number | null;
  readonly replyTo: number | null;
  readonly text: string | null;
}

export interface ChatClient {
  readonly state: ConnectionState;
  /** Null until first online. */
  readonly me: { readonly principalId: number; readonly name: string } | null;
  /** Sorted by activity, newest first; kept up to date. */
  readonly chats: ChatList;
  /** For the parts of this package that stand beside the core, such as `createCalls`; not for apps. */
  readonly wire: ClientWire;
  /** Resolves when online for the first time and all chats are listed: nothing is missed from then on; rejects only for a reason that stays. */
  connect(): Promise<void>;
  /** Messages that wait fail with `connection_closed`; after a new `connect` they can be tried again. */
  close(): Promise<void>;
  on<K extends keyof ClientEvents>(event: K, handler: (payload: ClientEvents[K]) => void): () => void;
  /** A handle on a chat; the same object for the same id. Asks nothing of the server. */
  chat(chatId: number): Chat;
  openDirect(principalId: number): Promise<Chat>;
  /** Undefined while unknown; it is then asked for, and `principals` tells when it came. */
  principalName(principalId: number): string | undefined;
  /** State and the last 200 frames, without their content. */
  dump(): DebugDump;
}

/** What the core does for the parts that stand beside it. */
export interface ClientWire extends Pick<Connection, 'call' | 'tell'>, Required<Pick<ClientOptions, 'url' | 'token' | 'clock'>> {
  /** Asks again until it is done, refused for good, or the client closed. */
  insist<T>(ask: () => Promise<T>): Promise<T>;
  /** One made a chat or came into it: resolves when it is in the list. */
  joined(chatId: number): Promise<void>;
  /** Tells by `error` what nobody waits to hear. */
  failed(thrown: unknown): void;
}

export interface ChatList {
  readonly items: readonly ChatSummary[];
  /** Not all chats are listed yet; they come by themselves, page after page. */
  readonly hasMore: boolean;
  /** Grows with every change. */
  readonly version: number;
  /** Resolves when all chats are listed. */
  loadMore(): Promise<void>;
}

export interface ChatSummary {
  readonly chatId: number;
  readonly kind: ChatKind | 'unknown';
  /** Null for a direct chat: show `peerName`. */
  readonly name: string | null;
  readonly role: MemberRole | 'unknown';
  readonly joinedAtSequence: number;
  readonly headSequence: number;
  readonly deliveredUpTo: number;
  readonly readUpTo: number;
  /** Messages that are not read; no other events. */
  readonly unread: number;
  /** The unread messages that mention one, as the service counted them when it was asked last: `createMentions` keeps them up to date. */
  readonly mentions: UnreadMentions | null;
  /** The lowest watermark of all other members: an own message at or below it is delivered (read). */
  readonly othersDeliveredUpTo: number;
  readonly othersReadUpTo: number;
  readonly memberCount: number;
  readonly peerId: number | null;
  readonly peerName: string | null;
  /** The newest event, or an own message that is still on its way. */
  readonly lastItem: ChatItem | null;
  readonly createdAtMs: number;
  readonly lastActivityMs: number;
  /** What the chat is to oneself alone; `createChatSettings` changes it. */
  readonly own: OwnSettings;
  /** What a group or channel is to everybody in it, beside its name. */
  readonly details: ChatDetails;
}

export type SendState = 'queued' | 'sending' | 'sent' | 'delivered' | 'read' | 'failed';

/** One entry of a conversation. Immutable: a change makes a new object. */
export interface ChatItem {
  readonly chatId: number;
  /** Null for an own message without its ack. */
  readonly sequence: number | null;
  readonly kind: EventKind | 'unknown';
  readonly senderId: number;
  readonly createdAtMs: number;
  /** Hex, 32 digits. The key of an own message before and after its sequence is known. */
  readonly clientMessageId?: string;
  /** A message's present text; absent when it was deleted. Of an edit the new one; of a reaction the emoji, empty when taken back. */
  readonly text?: string;
  readonly replyTo?: number;
  /** `edited`, `deleted`, `reaction`, `pinned`, `unpinned`: sequence of the message concerned. A window shows these in the message only. */
  readonly target?: number;
  /** `reaction`: the emoji that it replaced or took back. */
  readonly previous?: string;
  /** Absent for plain text. */
  readonly content?: MessageContent;
  /** Absent while nothing was done to the message. */
  readonly changes?: MessageChanges;
  readonly subjectId?: number;
  readonly role?: MemberRole | 'unknown';
  readonly own: boolean;
  /** Own messages only. */
  readonly state?: SendState;
  /** Own messages that this client sent: retry, cancel, error. */
  readonly outgoing?: OutgoingMessage;
}

/** What to show in the place of a deleted message's text, in English; an app shows it in the person's language. */
export const deletedPlaceholder = 'This message was deleted';

/** What became of a message since it was sent. */
export interface MessageChanges {
  /** Sequence of the newest change that is counted in. */
  readonly asOf: number;
  /** When the text got as it is. */
  readonly editedAtMs: number | null;
  /** When it was deleted for everyone: it has no text then. */
  readonly deletedAtMs: number | null;
  readonly deletedBy: number | null;
  readonly pinnedAtMs: number | null;
  /** One's own emoji. */
  readonly ownReaction: string | null;
  readonly reactions: readonly ReactionCount[];
}

export interface ReactionCount {
  readonly emoji: string;
  readonly count: number;
}

export interface Reaction {
  readonly principalId: number;
  readonly emoji: string;
}

/** An event that is stored. */
export type ChatEvent = ChatItem & { readonly sequence: number };

export interface MessageWindow {
  /** Ascending by sequence; own messages on their way come last. */
  readonly items: readonly ChatItem[];
  readonly hasOlder: boolean;
  /** Where what was not read began when the chat was opened; null if no message was among it. */
  readonly unreadAt: number | null;
  readonly version: number;
}

/** Unread messages of a chat that mention one. */
export interface UnreadMentions {
  /** 1,000 may be more. */
  readonly count: number;
  /** Sequence of the first of them. */
  readonly first: number;
}

export interface ChatEvents {
  /** The window or the summary changed. At most once per turn of the event loop. */
  change: Chat;
  receipts: readonly Receipt[];
}

export interface Chat {
  readonly id: number;
  /** Undefined until it is in the list or was opened. */
  readonly summary: ChatSummary | undefined;
  readonly messages: MessageWindow;
  /** Loads the newest events and keeps the window live until `close` (as often as `open`). */
  open(options?: { window?: number }): Promise<void>;
  close(): void;
  loadOlder(): Promise<void>;
  on<K extends keyof ChatEvents>(event: K, handler: (payload: ChatEvents[K]) => void): () => void;
  /** Returns at once; the message is in the window as `queued`. Throws `invalid_argument` for a number or a place that cannot be sent. */
  send(message: { text: string; replyTo?: number; content?: MessageContent }): OutgoingMessage;
  /** Without a sequence: everything that was received. */
  markRead(sequence?: number): void;
  history(options?: { after?: number; before?: number; limit?: number }): Promise<HistoryPage>;
  members(): Promise<Member[]>;
}

export interface OutgoingMessage {
  readonly chatId: number;
  readonly clientMessageId: string;
  readonly text: string;
  readonly replyTo?: number;
  readonly content?: MessageContent;
  readonly state: SendState;
  /** Known from `sent` on. */
  readonly sequence: number | null;
  /** Resolves when the message is stored; rejects on a final failure or cancel (an unobserved rejection is not reported). */
  readonly sent: Promise<{ sequence: number; createdAtMs: number }>;
  /** Why it failed. */
  readonly error?: ChatError | undefined;
  /** After `failed`: tries again, with the same id unless that was used for another content. `sent` is a new promise then. */
  retry(): void;
  /** True if it is gone from here; false if it is on its way or may be stored. One that failed always goes, and comes as an event if it was stored after all. */
  cancel(): boolean;
  on(event: 'state', handler: (state: SendState) => void): () => void;
}

export interface HistoryPage {
  readonly epoch: number;
  readonly headSequence: number;
  readonly events: readonly ChatEvent[];
  /** Between these two, both included, `events` is all that one may see. */
  readonly coversFrom: number;
  readonly coversTo: number;
  readonly hasMore: boolean;
}

export interface Member {
  readonly principalId: number;
  readonly name: string;
  readonly role: MemberRole | 'unknown';
  readonly deliveredUpTo: number;
  readonly readUpTo: number;
  readonly joinedAtSequence: number;
}

export interface Receipt {
  readonly principalId: number;
  readonly deliveredUpTo: number;
  readonly readUpTo: number;
}

export type Audience = 'everyone' | 'contacts' | 'nobody';

/** Other people, one's profile and privacy, contacts and blocks: rare, so over REST, and apart from the core (`createPeople`). */
export interface People {
  /** By exact e-mail address or phone number; null where there is nobody. */
  findPerson(login: string): Promise<{ principalId: number; name: string } | null>;
  profile(): Promise<OwnProfile>;
  /** What is left out stays; an empty text clears. */
  updateProfile(change: { name?: string; about?: string; avatar?: string }): Promise<OwnProfile>;
  privacy(): Promise<PrivacySettings>;
  /** What is left out stays. */
  updatePrivacy(change: Partial<PrivacySettings>): Promise<PrivacySettings>;
  /** All of them, in the order of their ids. */
  contacts(options?: { favouritesOnly?: boolean }): Promise<Contact[]>;
  findContact(principalId: number): Promise<Contact | null>;
  /** Keeps a person as a contact, or changes how they are kept; without a name, under their own. */
  putContact(principalId: number, kept?: { name?: string; favourite?: boolean }): Promise<Contact>;
  removeContact(principalId: number): Promise<void>;
  blocks(): Promise<BlockedPerson[]>;
  /** Nothing passes between the two in their direct chat; they are not told. Twice is no failure. */
  block(principalId: number): Promise<void>;
  unblock(principalId: number): Promise<void>;
  /** Where one is signed in, the newest first. */
  devices(): Promise<SignedInDevice[]>;
  /** Twice is no failure. */
  signOutDevice(deviceId: number): Promise<void>;
  /** Signs all other devices out. Fails with `sign_in_failed` if the present one is wrong. */
  changePassword(currentPassword: string, newPassword: string): Promise<void>;
}

export interface OwnProfile {
  readonly principalId: number;
  readonly name: string;
  readonly email: string | null;
  readonly emailVerified: boolean;
  readonly phone: string | null;
  readonly phoneVerified: boolean;
  readonly about: string | null;
  /** A reference to a picture. */
  readonly avatar: string | null;
}

export interface PrivacySettings {
  /** Who may know when one is, or was, online. */
  readonly lastSeen: Audience;
  readonly profilePhoto: Audience;
  readonly about: Audience;
  /** False: nobody learns what one has read; in a direct chat neither of the two does. */
  readonly readReceipts: boolean;
  /** Whose calls ring. */
  readonly calls: Audience;
}

export interface Contact {
  readonly principalId: number;
  readonly name: string;
  /** The name under which one keeps them. */
  readonly ownName: string | null;
  readonly favourite: boolean;
  /** One has muted their statuses. */
  readonly statusesMuted: boolean;
  readonly blocked: boolean;
  readonly about: string | null;
  readonly avatar: string | null;
  /** ISO 8601. */
  readonly addedAt: string;
}

export interface BlockedPerson {
  readonly principalId: number;
  readonly name: string;
  /** ISO 8601. */
  readonly blockedAt: string;
}

export interface SignedInDevice {
  readonly deviceId: number;
  readonly name: string;
  /** It is the one that asks. */
  readonly current: boolean;
  /** ISO 8601. */
  readonly createdAt: string;
  /** When it last got tokens, ISO 8601. */
  readonly lastUsedAt: string;
}

export interface PeopleChange {
  readonly kind: 'contact' | 'block' | 'profile';
  /** Null for one's own profile. */
  readonly principalId: number | null;
}

export interface StatusChange {
  /** Whose statuses. One's own: posted or deleted by whichever device, or for whom the next ones are. */
  readonly authorId: number;
  /** Who did it. */
  readonly by: number;
  /** The one that `by` looked at: oneself on another device, or somebody at one's own. Null when statuses came or went. */
  readonly statusId: number | null;
}

export interface Presence {
  readonly principalId: number;
  readonly online: boolean;
  /** Null while online or never seen. */
  readonly lastSeenMs: number | null;
}

export interface Discontinuity {
  readonly chatId: number;
  /** `position_void`: another numbering, or no access. `too_far_behind`: beyond `maxCatchUp`. `unfillable`: the server did not have it. */
  readonly reason: 'position_void' | 'too_far_behind' | 'unfillable';
}

export interface FrameTrace {
  readonly atMs: number;
  readonly direction: 'in' | 'out';
  /** Of `frameTypes`; `frameName` names it. */
  readonly type: number;
  readonly requestId: number;
  readonly bytes: number;
}

export interface DebugDump {
  readonly state: ConnectionState;
  readonly principalId: number | null;
  readonly positions: readonly { chatId: number; epoch: number; sequence: number }[];
  readonly queued: number;
  readonly inFlight: number;
  readonly frames: readonly FrameTrace[];
}
