import type { Chat, ChatClient, ClientEvents, ClientOptions, ClientWire, DebugDump, Discontinuity } from './api.js';
import { LiveChat } from './chats/live-chat.js';
import { LiveChatList } from './chats/live-chat-list.js';
import { Names, peopleChanges } from './chats/names.js';
import { ChatQuestions } from './chats/questions.js';
import { ReceiptSender } from './chats/receipt-sender.js';
import { summaryOf } from './chats/summary.js';
import { eventKinds } from './codes.js';
import { Connection } from './connection/connection.js';
import { socketUrl } from './connection/socket-url.js';
import type { ConnectionState } from './connection/state.js';
import { type Deferred, deferred } from './deferred.js';
import { Emitter } from './emitter.js';
import * as errorCodes from './error-codes.js';
import { asChatError, localError, localErrors } from './errors.js';
import type { WireChat, WireEvent } from './frames/elements.js';
import type { Push } from './frames/pushes.js';
import type { Welcome } from './frames/replies.js';
import * as inboxKinds from './inbox-kinds.js';
import { Outbox } from './outbox/outbox.js';
import type { NewMessage, QueuedMessage } from './outbox/outgoing-message.js';
import { Queries } from './queries.js';
import { maxPositions } from './sync/max-positions.js';
import { Sync } from './sync/sync.js';

const defaultTextBytes = 16_384;
/** After a call that failed a few times, before it is made again, where the service did not say when. */
const insistMs = 5_000;

type WholeOptions = Required<Omit<ClientOptions, 'outbox'>> & Pick<ClientOptions, 'outbox'>;

/** The client: wires connection, positions, outbox and chats together, and owns what belongs to no single chat. */
export class LiveClient implements ChatClient {
  readonly chats: LiveChatList;
  readonly wire: ClientWire;
  readonly #options: WholeOptions;
  readonly #emitter = new Emitter<ClientEvents>();
  readonly #connection: Connection;
  readonly #queries: Queries;
  readonly #sync: Sync;
  readonly #outbox: Outbox;
  readonly #names: Names;
  readonly #receipts: ReceiptSender;
  readonly #questions: ChatQuestions;
  readonly #chats = new Map<number, LiveChat>();
  #welcome: Welcome | null = null;
  #connecting: Deferred<void> | null = null;
  /** Chats that are new since the list was loaded, and not described yet, and how far each is known to go: what is since joining is news. */
  readonly #announced = new Map<number, number>();
  /** Chats that one left since the present page of the list was asked for: the page may be of before. */
  #left = new Set<number>();
  /** The whole list was seen, on one connection; from then on nothing is missed. */
  #loaded = false;
  #catchingUp = false;
  #behind = false;
  /** Events of the inbox will not come: what they said of chats is read from the list. */
  #missed = false;

  readonly #failed = (thrown: unknown): void => {
    const error = asChatError(thrown);
    // Told by the state, and by the list of chats.
    if (error.code === localErrors.connection_closed || error.code === errorCodes.chat_not_found) return;
    this.#emitter.emit('error', error);
  };

  constructor(options: WholeOptions) {
    this.#options = options;
    const { clock, random, retryPolicy } = options;
    this.chats = new LiveChatList(
      () => this.#connecting?.promise ?? Promise.reject(localError('connection_closed', 'The client is not connected.')),
      (list) => this.#emitter.emit('chats', list),
    );
    this.#connection = new Connection(
      { ...options, url: socketUrl(options.url) },
      {
        positions: () => this.#positions(),
        welcomed: (welcome) => this.#welcomed(welcome),
        pushed: (push) => this.#pushed(push),
        changed: (from, to) => this.#stateChanged(from, to),
      },
    );
    this.#queries = new Queries(this.#connection);
    const failed = this.#failed;
    this.wire = {
      ...options,
      call: (kind, value, reply) => this.#connection.call(kind, value, reply),
      tell: (kind, value, reply) => this.#connection.tell(kind, value, reply),
      insist: (ask) => this.#insist(ask),
      joined: (chatId) => this.#joined(chatId),
      failed,
    };
    this.#sync = new Sync(
      {
        fetch: (chatId, after) => this.#insist(() => this.#queries.history(chatId, { after, limit: this.#maxHistory() })),
        deliver: (event) => (event.chatId === this.#welcome?.inboxChatId ? this.#deliverInbox(event) : this.#deliver(event)),
        discontinued: (event) => this.#discontinued(event),
        pause: (ms) => this.#connection.pause(ms),
        failed,
      },
      options.maxCatchUp,
    );
    this.#outbox = new Outbox(
      {
        clock,
        random,
        retryPolicy,
        send: (message) => this.#queries.send(message),
        changed: (message) => this.chat(message.chatId).outgoingChanged(message),
        withdrawn: (message) => this.chat(message.chatId).withdrawn(message),
        adopted: (chatId, messages) => this.chat(chatId).adopted(messages),
        ready: () => this.#connection.readyNow(),
        me: () => this.#me(),
        closed: () => this.#connection.closedError(),
        maxTextBytes: () => this.#welcome?.limits.maxTextBytes ?? defaultTextBytes,
      },
      { perChat: options.sendsInFlightPerChat, maxQueuedBytes: options.maxQueuedBytes, keeper: options.outbox },
    );
    this.#receipts = new ReceiptSender({
      clock,
      send: (kind, chatId, upTo) => this.#queries.mark(kind, chatId, upTo),
      stored: (kind, chatId) => {
        if (kind === 'read') this.chat(chatId).marked();
      },
    });
    this.#questions = new ChatQuestions({
      chat: (id) => this.#insist(() => this.#queries.chat(id)),
      described: (chat) => void this.#adopt(chat, false),
      gone: (id) => this.#removed(id),
      pause: (ms) => this.#connection.pause(ms),
      failed,
      random,
    });
    this.#names = new Names({
      clock,
      fetch: (ids) => this.#queries.principals(ids),
      named: (ids) => this.#emitter.emit('principals', ids),
      failed,
    });
  }

  get state(): ConnectionState {
    return this.#connection.state;
  }

  get me(): { readonly principalId: number; readonly name: string } | null {
    return this.#welcome && { principalId: this.#welcome.principalId, name: this.#welcome.name };
  }

  connect(): Promise<void> {
    this.#connecting ??= deferred();
    this.#connection.connect();
    return this.#connecting.promise;
  }

  async close(): Promise<void> {
    this.#receipts.flush();
    this.#connection.close();
  }

  on<K extends keyof ClientEvents>(event: K, handler: (payload: ClientEvents[K]) => void): () => void {
    return this.#emitter.on(event, handler);
  }

  chat(chatId: number): LiveChat {
    const held = this.#chats.get(chatId);
    if (held !== undefined) return held;
    const chat = this.#newChat(chatId);
    this.#chats.set(chatId, chat);
    return chat;
  }

  async openDirect(principalId: number): Promise<Chat> {
    return this.#adopt(await this.#queries.openDirect(principalId), this.#loaded);
  }

  principalName(principalId: number): string | undefined {
    return this.#names.name(principalId);
  }

  dump(): DebugDump {
    return {
      state: this.state,
      principalId: this.#welcome?.principalId ?? null,
      positions: this.#sync.positions(),
      queued: this.#outbox.queued,
      inFlight: this.#connection.inFlight,
      frames: this.#connection.trace.list(),
    };
  }

  #me(): number {
    return this.#welcome?.principalId ?? 0;
  }

  #newChat(chatId: number): LiveChat {
    return new LiveChat(chatId, {
      me: () => this.#me(),
      refresh: (id) => this.#questions.ask(id, true),
      history: (id, range) => this.#queries.history(id, { ...range, limit: Math.min(range.limit ?? 50, this.#maxHistory()) }),
      members: (id) => this.#members(id),
      send: (id, message) => this.#send(id, message),
      stored: (message, event) => this.#outbox.stored(message, event),
      mark: (kind, id, upTo) => this.#receipts.mark(kind, id, upTo),
      changed: (chat) => {
        if (this.chats.has(chat.id)) this.chats.changed();
      },
      failed: this.#failed,
    });
  }

  #send(chatId: number, message: NewMessage): QueuedMessage {
    const outgoing = this.#outbox.add(chatId, message);
    this.#emitter.emit('sending', outgoing);
    return outgoing;
  }

  /** One made the chat or came into it, by REST: what is in it since is news. */
  #joined(chatId: number): Promise<void> {
    this.#announced.set(chatId, 0);
    return this.#questions.ask(chatId);
  }

  async #members(chatId: number): ReturnType<Queries['members']> {
    const members = await this.#queries.members(chatId);
    for (const { principalId, name } of members) this.#names.learn(principalId, name);
    return members;
  }

  #welcomed(welcome: Welcome): void {
    this.#welcome = welcome;
    for (const chatId of this.#sync.resume(welcome.resumed)) void this.#questions.askAside(chatId);
  }

  #stateChanged(from: ConnectionState, to: ConnectionState): void {
    this.#emitter.emit('state', { from, to });
    if (to.kind === 'online') void this.#catchUp();
    const closed = this.#connection.closedError();
    if (closed === null) return;
    this.#receipts.rest();
    this.#outbox.close(closed);
    this.#connecting?.reject(asChatError(closed.cause ?? closed));
    this.#connecting = null;
  }

  /** After each welcome: what waits goes out, and what has no sequence is asked for again. */
  async #catchUp(): Promise<void> {
    this.#outbox.pump();
    this.#receipts.flush();
    this.#names.welcomed();
    this.#behind = true;
    if (this.#catchingUp) return; // goes on over the reconnect, and then once more
    this.#catchingUp = true;
    try {
      while (this.#behind) {
        this.#behind = false;
        await this.#insist(() => this.#reload());
      }
      this.#connecting?.resolve();
    } catch (thrown) {
      this.#failed(thrown);
      if (this.state.kind === 'online') this.#connecting?.reject(asChatError(thrown)); // else told by the state
    } finally {
      this.#catchingUp = false;
    }
  }

  async #reload(): Promise<void> {
    const inbox = this.#welcome?.inboxChatId ?? 0;
    if (this.#sync.cursor(inbox)?.isNumbered !== true) await this.#questions.askAside(inbox);
    const wasLoaded = this.#loaded;
    // Every chat gets a position. Later the hello tells them all, unless there are too many: then the list tells the other heads.
    const whole = !wasLoaded || this.#missed || this.chats.size >= maxPositions(this.#welcome);
    // What is not in the list may be left: the event that said so may be one that was missed.
    const unlisted = new Set(whole ? this.chats.items.map((summary) => summary.chatId) : []);
    let cursor: string | null = null;
    do cursor = await this.#loadPage(cursor, unlisted);
    while (whole && cursor !== null);
    for (const chatId of unlisted) void this.#questions.askAside(chatId);
    if (this.#behind) return; // a chat may have moved past the pages meanwhile: once more
    this.#missed = false;
    this.#loaded = true;
    this.chats.complete();
    for (const chatId of this.#announced.keys()) void this.#questions.askAside(chatId);
    if (!wasLoaded) return;
    for (const chat of this.#chats.values()) await chat.resync().catch(this.#failed);
  }

  async #loadPage(cursor: string | null, unlisted: Set<number>): Promise<string | null> {
    const left = new Set<number>();
    this.#left = left;
    const page = await this.#queries.chats(cursor);
    for (const chat of page.chats) {
      if (left.has(chat.chatId)) continue; // who came back since is announced, and asked for alone
      unlisted.delete(chat.chatId);
      this.#adopt(chat, this.#loaded && !this.chats.has(chat.chatId));
    }
    return page.nextCursor;
  }

  /** What positions hang on is asked for until there is an answer; that it failed is told. */
  async #insist<T>(ask: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await ask();
      } catch (thrown) {
        const error = asChatError(thrown);
        if (!error.retryable) throw error;
        this.#failed(error);
        await this.#connection.pause(error.retryAfterMs ?? insistMs);
      }
    }
  }

  /** Takes a chat as the server describes it: summary, list, position. `isNew`: its events since joining are news. */
  #adopt(chat: WireChat, isNew: boolean): LiveChat {
    const announced = this.#announced.get(chat.chatId);
    this.#announced.delete(chat.chatId);
    const live = this.chat(chat.chatId);
    live.takeSummary(summaryOf(chat), chat.unread);
    if (chat.peerId !== null && chat.peerName !== null) this.#names.learn(chat.peerId, chat.peerName);
    if (chat.chatId !== this.#welcome?.inboxChatId) this.chats.add(live);
    const from = isNew || announced !== undefined ? Math.max(0, chat.joinedAtSequence - 1) : chat.headSequence;
    this.#sync.follow(chat.chatId, chat.epoch, Math.max(chat.headSequence, announced ?? 0), from);
    if (chat.lastEvent?.senderId !== this.#me()) this.#markDelivered(live, chat.headSequence);
    return live;
  }

  /** One is not in a chat any more; one that is deleted is followed no more, `whole` if all of it was taken. */
  #ended(chatId: number, deleted: boolean, whole?: boolean): void {
    this.#questions.left(chatId);
    this.#left.add(chatId);
    this.#removed(chatId);
    if (deleted) this.#sync.lose(chatId, whole);
  }

  #removed(chatId: number): void {
    this.#announced.delete(chatId);
    this.chats.remove(chatId);
  }

  #pushed(push: Push): void {
    const { kind, value } = push;
    switch (kind) {
      case 'event':
        if (value.sequence < 1) this.#hinted(value);
        else if (this.#isLateStart(value)) this.#announce(value.chatId, value.sequence);
        else this.#sync.offer(value);
        return;
      case 'gap':
        this.#sync.announce(value.chatId, value.headSequence);
        return;
      case 'receipts':
        this.chat(value.chatId).takeReceipts(value.receipts);
        this.#emitter.emit('receipts', value);
        return;
      default:
        this.#emitter.emit('push', push); // of a part that is apart from the core
    }
  }

  /** What is in no log is for the parts that go by it, where it is of a kind that may be (protocol-spec.md §6.25). */
  #hinted(event: WireEvent): void {
    const isHint = event.kind === inboxKinds.statuses_changed || event.kind === inboxKinds.status_viewed;
    if (isHint && event.chatId === this.#welcome?.inboxChatId) this.#emitter.emit('inbox', event);
  }

  /** The first that is heard of a chat is not its beginning: it was joined while there was no connection, or made with others in it first. */
  #isLateStart({ chatId, sequence }: WireEvent): boolean {
    return this.#loaded && sequence > 1 && this.#sync.cursor(chatId) === undefined && !this.chats.has(chatId);
  }

  /** A chat is new; what of it is pushed until it is described is fetched then. */
  #announce(chatId: number, head: number): void {
    this.#announced.set(chatId, Math.max(head, this.#announced.get(chatId) ?? 0));
    void this.#questions.askAside(chatId);
  }

  /** Each event of each chat but the inbox comes by here once, in order. */
  #deliver(event: WireEvent): void {
    const chat = this.chat(event.chatId);
    if (chat.summary === undefined) void this.#questions.askAside(event.chatId);
    else if (event.kind === eventKinds.chat_info_changed) this.#questions.askInTurn(event.chatId, chat.summary.memberCount);
    const item = chat.take(event);
    this.#emitter.emit('message', item);
    if (event.kind === eventKinds.chat_deleted) this.#ended(event.chatId, true, true);
    else if (event.senderId !== this.#me()) this.#markDelivered(chat, event.sequence);
  }

  #deliverInbox(event: WireEvent): void {
    this.chat(event.chatId).take(event);
    this.#emitter.emit('inbox', event);
    const { kind, subjectId, replyTo } = event;
    const changed = peopleChanges[kind - inboxKinds.contact_changed];
    if (changed !== undefined) this.#emitter.emit('people', { kind: changed, principalId: subjectId });
    if (subjectId === null || changed !== undefined) return;
    if (kind === inboxKinds.chat_added) {
      this.#announce(subjectId, 0);
    } else if (kind === inboxKinds.chat_removed) {
      this.#ended(subjectId, event.text !== null);
    } else if (kind >= inboxKinds.chat_settings_changed && kind <= inboxKinds.history_cleared) {
      this.#settingsChanged(subjectId, replyTo); // which history_cleared alone has
    } else if (replyTo !== null && (kind === inboxKinds.starred || kind === inboxKinds.unstarred)) {
      this.#emitter.emit('starred', { chatId: subjectId, sequence: replyTo, starred: kind === inboxKinds.starred });
    } else if (replyTo !== null && kind === inboxKinds.hidden) {
      this.#chats.get(subjectId)?.hidden(replyTo);
      this.#emitter.emit('hidden', { chatId: subjectId, sequence: replyTo });
    }
  }

  #settingsChanged(chatId: number, clearedUpTo: number | null): void {
    if (clearedUpTo !== null) {
      this.#chats.get(chatId)?.cleared(clearedUpTo);
      this.#emitter.emit('cleared', { chatId, upTo: clearedUpTo });
    }
    if (this.chats.has(chatId)) void this.#questions.askAside(chatId, true);
  }

  #markDelivered(chat: LiveChat, upTo: number): void {
    if (this.#options.markDelivered && chat.id !== this.#welcome?.inboxChatId) chat.markDelivered(upTo);
  }

  #discontinued(event: Discontinuity): void {
    this.#chats.get(event.chatId)?.discontinued(event.reason === 'position_void');
    if (event.chatId === this.#welcome?.inboxChatId) {
      this.#missed = true;
      if (this.state.kind === 'online') void this.#catchUp(); // else the next welcome does
    }
    this.#emitter.emit('discontinuity', event);
  }

  #positions(): ReturnType<Sync['positions']> {
    const inbox = this.#welcome?.inboxChatId ?? 0;
    const recent = this.chats.items.map((summary) => summary.chatId);
    return this.#sync.positions(maxPositions(this.#welcome), [inbox, ...recent]);
  }

  #maxHistory(): number {
    return this.#welcome?.limits.maxHistoryLimit ?? 200;
  }
}
