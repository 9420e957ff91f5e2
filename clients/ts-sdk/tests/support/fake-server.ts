import { callRequests } from '../../src/calls/frames.js';
import { typingRequests } from '../../src/chats/typing.js';
import type { Fields, StructOf } from '../../src/codec/fields.js';
import { changeRequests } from '../../src/frames/change-requests.js';
import type { WireChat, WireEvent, WireMember, WirePosition, WireResumed } from '../../src/frames/elements.js';
import { cutFrames, encodeFrame, type Frame, type FrameValue, readFrame } from '../../src/frames/frame.js';
import { pushes } from '../../src/frames/pushes.js';
import { replies } from '../../src/frames/replies.js';
import { requests } from '../../src/frames/requests.js';
import { presenceReplies, presenceRequests } from '../../src/people/presences.js';
import type { Clock, TransportFactory, TransportHandlers } from '../../src/ports.js';

export const me = 1;
export const peer = 2;
export const inboxId = 900;

const allRequests = { ...requests, ...changeRequests, ...presenceRequests, ...typingRequests, ...callRequests };
type RequestName = keyof typeof allRequests;
export type RequestValue<K extends RequestName> = FrameValue<(typeof allRequests)[K]>;
export interface Reply {
  readonly frame: Frame<Fields>;
  readonly value: unknown;
}

export function reply<S extends Fields>(frame: Frame<S>, value: StructOf<S>): Reply {
  return { frame: frame as unknown as Frame<Fields>, value };
}

export function refusal(code: number, retryable = false, retryAfterMs: number | null = null): Reply {
  return reply(replies.error, { code, message: `code ${code}`, retryable, retryAfterMs });
}

/** A request as it came. */
export interface Received {
  readonly connection: FakeConnection;
  readonly name: RequestName;
  readonly requestId: number;
  readonly value: unknown;
}

/** One chat as the server has it. */
export class FakeChat {
  readonly events: WireEvent[] = [];
  epoch = 33;
  name: string | null = null;
  deliveredUpTo = 0;
  readUpTo = 0;
  members: WireMember[] = [];
  own: WireChat['own'] = null;
  details: WireChat['details'] = null;
  mentions: WireChat['mentions'] = null;
  joinedAt = 1;
  role = 1;
  /** Sequences of the time between two memberships. */
  readonly hidden = new Set<number>();
  readonly chatId: number;
  readonly kind: number;

  constructor(chatId: number, kind = 1) {
    this.chatId = chatId;
    this.kind = kind;
  }

  get head(): number {
    return this.events.length;
  }

  append(text: string, senderId = peer, more: Partial<WireEvent> = {}): WireEvent {
    const event = {
      chatId: this.chatId,
      sequence: this.head + 1,
      kind: 1,
      senderId,
      createdAtMs: 5_000 + this.head,
      clientMessageId: null,
      replyTo: null,
      text,
      subjectId: null,
      role: null,
      previous: null,
      changes: null,
      content: null,
      ...more,
    };
    this.events.push(event);
    return event;
  }

  get wire(): WireChat {
    const others = this.members.filter((member) => member.principalId !== me);
    const direct = this.kind === 1;
    return {
      chatId: this.chatId,
      kind: this.kind,
      epoch: this.epoch,
      name: this.name,
      role: this.role,
      joinedAtSequence: this.joinedAt,
      headSequence: this.head,
      deliveredUpTo: this.deliveredUpTo,
      readUpTo: this.readUpTo,
      unread: this.events.filter((event) => event.kind === 1 && event.sequence > this.readUpTo).length,
      othersDeliveredUpTo: Math.min(...others.map((member) => member.deliveredUpTo), this.head),
      othersReadUpTo: Math.min(...others.map((member) => member.readUpTo), this.head),
      memberCount: this.members.length,
      peerId: direct ? peer : null,
      peerName: direct ? 'Peer' : null,
      lastEvent: this.events.at(-1) ?? null,
      createdAtMs: 1,
      lastActivityMs: this.events.filter((event) => event.kind < 10).at(-1)?.createdAtMs ?? 1,
      own: this.own,
      details: this.details,
      mentions: this.mentions,
    };
  }
}

/** One connection, seen from the server. */
export class FakeConnection {
  readonly url: string;
  readonly #handlers: TransportHandlers;
  closedByClient: { code: number; reason: string } | null = null;
  isOpen = true;

  constructor(url: string, handlers: TransportHandlers) {
    this.url = url;
    this.#handlers = handlers;
  }

  open(): void {
    if (this.isOpen) this.#handlers.opened();
  }

  bytes(bytes: Uint8Array): void {
    if (this.isOpen) this.#handlers.received(bytes);
  }

  push<S extends Fields>(frame: Frame<S>, value: StructOf<S>): void {
    this.bytes(encodeFrame(frame, 0, value));
  }

  event(event: WireEvent): void {
    this.push(pushes.event, event);
  }

  close(code: number, reason = ''): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.#handlers.closed(code, reason);
  }
}

/** A server in memory that keeps to protocol-spec.md, unless a test tells it otherwise. */
export class FakeServer {
  readonly chats = new Map<number, FakeChat>();
  readonly inbox = new FakeChat(inboxId, 5);
  readonly connections: FakeConnection[] = [];
  readonly log: { name: string; value: unknown }[] = [];
  /** Answers instead of the default; `null` says nothing. */
  readonly answers = new Map<RequestName, (value: never, connection: FakeConnection) => Reply | null | 'default'>();
  /** Takes a request away; true: it did, and `respond` is called when it likes. */
  intercept: (request: Received) => boolean = () => false;
  /** Whether connections open at all. */
  reachable = true;
  /** Whether stored messages are pushed to this client. */
  pushing = true;
  pingIntervalMs = 25_000;
  chatsPerPage = 100;
  maxPositions = 2_000;
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.chats.set(inboxId, this.inbox);
  }

  readonly transport: TransportFactory = (url, handlers) => {
    const connection = new FakeConnection(url, handlers);
    this.connections.push(connection);
    queueMicrotask(() => (this.reachable ? connection.open() : connection.close(1006, 'unreachable')));
    return {
      send: (bytes) => this.#receive(connection, bytes),
      close: (code, reason) => {
        if (!connection.isOpen) return;
        connection.closedByClient = { code, reason };
        connection.close(code, reason);
      },
    };
  };

  get connection(): FakeConnection {
    const last = this.connections.at(-1);
    if (last === undefined) throw new Error('Nobody has connected.');
    return last;
  }

  addChat(chatId: number, kind = 1, others: readonly number[] = [peer]): FakeChat {
    const chat = new FakeChat(chatId, kind);
    chat.members = [me, ...others].map((principalId) => ({
      principalId,
      name: `P${principalId}`,
      role: 1,
      deliveredUpTo: 0,
      readUpTo: 0,
      joinedAtSequence: 1,
    }));
    this.chats.set(chatId, chat);
    return chat;
  }

  /** What came of this kind, oldest first. */
  received<K extends RequestName>(name: K): RequestValue<K>[] {
    return this.log.filter((entry) => entry.name === name).map((entry) => entry.value as RequestValue<K>);
  }

  /** Tells every session of the person, as a server does. */
  tell(event: WireEvent): void {
    for (const connection of this.connections) connection.event(event);
  }

  /** Stores a message of another member and pushes it. */
  say(chatId: number, text: string): WireEvent {
    const event = this.#chat(chatId).append(text);
    if (this.connection.isOpen && this.pushing) this.connection.event(event);
    return event;
  }

  #receive(connection: FakeConnection, bytes: Uint8Array): void {
    for (const header of cutFrames(bytes, 65_536)) {
      const [name, frame] = Object.entries(allRequests).find(([, one]) => one.type === header.type) ?? [];
      if (name === undefined || frame === undefined) throw new Error(`Type ${header.type} is not a request.`);
      const value = readFrame<Fields>(frame, header);
      this.log.push({ name, value });
      const request = { connection, name: name as RequestName, requestId: header.requestId, value };
      if (!this.intercept(request)) this.respond(request);
    }
  }

  /** Answers a request, by default as protocol-spec.md has it. */
  respond(request: Received, answer: Reply | null = this.#answer(request.name, request.value, request.connection)): void {
    if (answer === null) return;
    const bytes = encodeFrame(answer.frame, request.requestId, answer.value as StructOf<Fields>);
    queueMicrotask(() => request.connection.bytes(bytes));
  }

  #answer(name: RequestName, value: unknown, connection: FakeConnection): Reply | null {
    const told = this.answers.get(name)?.(value as never, connection) ?? null;
    if (this.answers.has(name) && told !== 'default') return told;
    switch (name) {
      case 'hello':
        return this.#welcome(value as RequestValue<'hello'>);
      case 'sendMessage':
        return this.#store(value as RequestValue<'sendMessage'>);
      case 'getHistory':
        return this.#history(value as RequestValue<'getHistory'>);
      case 'getChats':
        return this.#page(value as RequestValue<'getChats'>);
      case 'getChat':
        return this.#describe((value as RequestValue<'getChat'>).chatId);
      case 'openDirect':
        return this.#describe([...this.chats.values()].find((chat) => chat.kind === 1)?.chatId ?? 0);
      case 'getMembers': {
        const { chatId } = value as RequestValue<'getMembers'>;
        return reply(replies.members, { chatId, members: this.#chat(chatId).members, hasMore: false });
      }
      case 'getPrincipals': {
        const { principalIds } = value as RequestValue<'getPrincipals'>;
        const named = (id: number) => ({ principalId: id, kind: 1, name: `P${id}`, about: null, avatar: null });
        return reply(replies.principals, { principals: principalIds.map(named) });
      }
      case 'watchPresence': {
        const { principalIds } = value as RequestValue<'watchPresence'>;
        return reply(presenceReplies.presences, {
          presences: principalIds.map((id) => ({ principalId: id, online: true, lastSeenMs: null })),
        });
      }
      case 'editMessage':
      case 'deleteMessage':
      case 'react':
        return this.#change(name, value as RequestValue<'editMessage'>, connection);
      case 'authenticate':
      case 'ping':
      case 'markDelivered':
      case 'markRead':
      case 'setTyping':
      case 'signalCall':
      case 'keepCall':
        return reply(replies.ok, {});
    }
  }

  #welcome(hello: RequestValue<'hello'>): Reply {
    return reply(replies.welcome, {
      protocolVersion: 1,
      sessionId: 100 + this.connections.length,
      principalId: me,
      name: 'Me',
      inboxChatId: inboxId,
      serverTimeMs: this.#clock.now(),
      tokenExpiresAtMs: this.#clock.now() + 3_600_000,
      pingIntervalMs: this.pingIntervalMs,
      limits: { maxFrameBytes: 65_536, maxTextBytes: 16_384, maxHistoryLimit: 200, maxPositions: this.maxPositions, maxWatched: 200 },
      resumed: hello.positions.flatMap((position) => this.#resume(position)),
      serverName: 'fake/1',
    });
  }

  #resume({ chatId, epoch, sequence }: WirePosition): WireResumed[] {
    const chat = this.chats.get(chatId);
    const recovered = chat !== undefined && chat.epoch === epoch && chat.head >= sequence;
    if (recovered && chat.head === sequence) return [];
    return [{ chatId, epoch: chat?.epoch ?? 0, headSequence: chat?.head ?? 0, recovered }];
  }

  #store(value: RequestValue<'sendMessage'>): Reply {
    const chat = this.#chat(value.chatId);
    const known = chat.events.find((event) => event.clientMessageId === value.clientMessageId && event.senderId === me);
    const event =
      known ??
      chat.append(value.text, me, {
        clientMessageId: value.clientMessageId,
        replyTo: value.replyTo,
        content: value.content,
      });
    if (known === undefined && this.pushing) queueMicrotask(() => this.tell(event));
    return reply(replies.sent, { chatId: value.chatId, sequence: event.sequence, createdAtMs: event.createdAtMs });
  }

  /** Stores the event only: what it does to the message is what the client under test works out. */
  #change(name: 'editMessage' | 'deleteMessage' | 'react', value: RequestValue<'editMessage'>, connection: FakeConnection): Reply {
    const { chatId, clientMessageId, sequence } = value;
    const kind = { editMessage: 10, deleteMessage: 11, react: 12 }[name];
    const text = { editMessage: value.text, deleteMessage: null, react: (value as unknown as RequestValue<'react'>).emoji ?? '' }[name];
    const chat = this.#chat(chatId);
    const known = chat.events.find((event) => event.clientMessageId === clientMessageId && event.senderId === me);
    const event = known ?? chat.append('', me, { kind, clientMessageId, replyTo: sequence, text });
    if (known === undefined && this.pushing) queueMicrotask(() => connection.event(event));
    return reply(replies.sent, { chatId, sequence: event.sequence, createdAtMs: event.createdAtMs });
  }

  #history({ chatId, after, before, limit }: RequestValue<'getHistory'>): Reply {
    const chat = this.chats.get(chatId);
    if (chat === undefined) return refusal(200);
    const size = limit ?? 50;
    const visible = chat.events.filter((event) => !chat.hidden.has(event.sequence));
    const all = visible.filter((event) => event.sequence > (after ?? 0) && event.sequence < (before ?? Number.MAX_SAFE_INTEGER));
    const events = after === null ? all.slice(-size) : all.slice(0, size);
    const coversFrom = after === null ? (events[0]?.sequence ?? 1) : after + 1;
    return reply(replies.history, {
      chatId,
      epoch: chat.epoch,
      headSequence: chat.head,
      events,
      coversFrom,
      coversTo: after !== null && events.length === all.length ? Math.max(after, chat.head) : (events.at(-1)?.sequence ?? coversFrom - 1),
      hasMore: events.length < all.length,
    });
  }

  #page({ cursor }: RequestValue<'getChats'>): Reply {
    const all = [...this.chats.values()].filter((chat) => chat.kind !== 5).map((chat) => chat.wire);
    all.sort((a, b) => b.lastActivityMs - a.lastActivityMs || b.chatId - a.chatId);
    const from = Number(cursor ?? 0);
    const next = from + this.chatsPerPage;
    return reply(replies.chats, { chats: all.slice(from, next), nextCursor: next < all.length ? String(next) : null });
  }

  #describe(chatId: number): Reply {
    const chat = this.chats.get(chatId);
    return chat === undefined ? refusal(200) : reply(replies.chat, { chat: chat.wire });
  }

  #chat(chatId: number): FakeChat {
    const chat = this.chats.get(chatId);
    if (chat === undefined) throw new Error(`There is no chat ${chatId}.`);
    return chat;
  }
}
