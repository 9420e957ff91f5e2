import type { Chat, ChatClient, ClientEvents, ClientWire, DebugDump, Discontinuity } from './api.js';
import { LiveChat } from './chats/live-chat.js';
import { type ListPorts, LiveChatList } from './chats/live-chat-list.js';
import { Names, type NamesPorts, peopleChanges } from './chats/names.js';
import type { ChatPorts, HistoryRange } from './chats/ports.js';
import { ChatQuestions, type QuestionPorts } from './chats/questions.js';
import { type ReceiptPorts, ReceiptSender } from './chats/receipt-sender.js';
import { summaryOf } from './chats/summary.js';
import { eventKinds } from './codes.js';
import { Connection, type ConnectionHandlers } from './connection/connection.js';
import type { ConnectionState } from './connection/state.js';
import { type Deferred, deferred } from './deferred.js';
import { Emitter } from './emitter.js';
import * as errorCodes from './error-codes.js';
import { asChatError, ChatError } from './errors.js';
import type { WireChat, WireEvent } from './frames/elements.js';
import type { Push } from './frames/pushes.js';
import type { Welcome, WireHistory, WireSent } from './frames/replies.js';
import * as inboxKinds from './inbox-kinds.js';
import * as localErrors from './local-errors.js';
import { Outbox, type OutboxPorts } from './outbox/outbox.js';
import type { QueuedMessage } from './outbox/outgoing-message.js';
import type { WholeOptions } from './ports.js';
import { createQueries, type Queries } from './queries.js';
import { maxPositions } from './sync/max-positions.js';
import { Sync, type SyncPorts } from './sync/sync.js';

const defaultTextBytes = 16_384;
/** After a call that failed a few times, before it is made again, where the service did not say when. */
const insistMs = 5_000;

/**
 * The client: wires connection, positions, outbox and chats together, and owns what belongs to no single chat. Its parts are given the client
 * itself, and take it for what each of them needs.
 */
export class LiveClient
  extends Emitter<ClientEvents>
  implements ChatClient, ChatPorts, ConnectionHandlers, ListPorts, NamesPorts, OutboxPorts, QuestionPorts, ReceiptPorts, SyncPorts
{
  readonly options: WholeOptions;
  readonly chats = new LiveChatList(this);
  readonly questions = new ChatQuestions(this);
  readonly receipts = new ReceiptSender(this);
  readonly connection: Connection;
  readonly queries: Queries;
  readonly outbox: Outbox;
  readonly wire: ClientWire;
  readonly #sync: Sync;
  readonly #names = new Names(this);
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

  constructor(options: WholeOptions) {
    super();
    this.options = options;
    this.connection = new Connection(options, this);
    this.queries = createQueries(this.connection);
    this.outbox = new Outbox(this);
    this.#sync = new Sync(this, options.maxCatchUp);
    const { call, tell } = this.connection;
    const { insist, joined, failed } = this;
    this.wire = { ...options, call, tell, insist, joined, failed };
  }

  get state(): ConnectionState {
    return this.connection.state;
  }

  get me(): { readonly principalId: number; readonly name: string } | null {
    return this.#welcome && { principalId: this.#welcome.principalId, name: this.#welcome.name };
  }

  connect(): Promise<void> {
    this.#connecting ??= deferred();
    this.connection.connect();
    return this.#connecting.promise;
  }

  async close(): Promise<void> {
    this.receipts.flush();
    this.connection.close();
  }

  chat(chatId: number): LiveChat {
    const chat = this.#chats.get(chatId) ?? new LiveChat(chatId, this);
    this.#chats.set(chatId, chat);
    return chat;
  }

  async openDirect(principalId: number): Promise<Chat> {
    return this.adopt(await this.queries.openDirect(principalId), this.#loaded);
  }

  principalName(principalId: number): string | undefined {
    return this.#names.name(principalId);
  }

  dump(): DebugDump {
    return {
      state: this.state,
      principalId: this.#welcome?.principalId ?? null,
      positions: this.#sync.positions(),
      queued: this.outbox.queued,
      inFlight: this.connection.inFlight,
      frames: [...this.connection.frames],
    };
  }

  // ---- what the parts ask of the client; not part of the public interface ----

  /** 0 before the first welcome. */
  get principalId(): number {
    return this.#welcome?.principalId ?? 0;
  }

  get maxTextBytes(): number {
    return this.#welcome?.limits.maxTextBytes ?? defaultTextBytes;
  }

  get #maxHistory(): number {
    return this.#welcome?.limits.maxHistoryLimit ?? 200;
  }

  /** Tells by `error` what nobody waits to hear, unless the state or the list of chats tells it. */
  readonly failed = (thrown: unknown): void => {
    const error = asChatError(thrown);
    if (error.code !== localErrors.connection_closed && error.code !== errorCodes.chat_not_found) this.emit('error', error);
  };

  /** What positions hang on is asked for until there is an answer; that it failed is told. */
  readonly insist = async <T>(ask: () => Promise<T>): Promise<T> => {
    for (;;) {
      try {
        return await ask();
      } catch (thrown) {
        const error = asChatError(thrown);
        if (!error.retryable) throw error;
        this.failed(error);
        await this.pause(error.retryAfterMs ?? insistMs);
      }
    }
  };

  /** One made the chat or came into it, by REST: what is in it since is news. */
  readonly joined = (chatId: number): Promise<void> => {
    this.#announced.set(chatId, 0);
    return this.questions.ask(chatId);
  };

  pause(ms: number): Promise<void> {
    return this.connection.pause(ms);
  }

  listed(): Promise<void> {
    return this.#connecting?.promise ?? Promise.reject(new ChatError(localErrors.connection_closed, 'The client is not connected.'));
  }

  history(chatId: number, range: HistoryRange): Promise<WireHistory> {
    return this.queries.history(chatId, { ...range, limit: Math.min(range.limit ?? 50, this.#maxHistory) });
  }

  fetch(chatId: number, after: number): Promise<WireHistory> {
    return this.insist(() => this.queries.history(chatId, { after, limit: this.#maxHistory }));
  }

  async members(chatId: number): ReturnType<Queries['members']> {
    const members = await this.queries.members(chatId);
    this.#names.learn(members);
    return members;
  }

  send(message: QueuedMessage): Promise<WireSent> | null {
    return this.queries.send(message);
  }

  outgoingChanged(message: QueuedMessage): void {
    this.chat(message.chatId).outgoingChanged(message);
  }

  withdrawn(message: QueuedMessage): void {
    this.chat(message.chatId).withdrawn(message);
  }

  ready(): object | null {
    return this.connection.ready();
  }

  closed(): ChatError | null {
    return this.connection.closedError();
  }

  welcomed(welcome: Welcome): void {
    this.#welcome = welcome;
    for (const { chatId, headSequence, recovered } of welcome.resumed) {
      if (recovered) this.#sync.announce(chatId, headSequence);
      else {
        this.#sync.lose(chatId); // it starts anew from `get_chat` (protocol-spec.md §8.3)
        void this.questions.askAside(chatId);
      }
    }
  }

  changed(from: ConnectionState, to: ConnectionState): void {
    this.emit('state', { from, to });
    if (to.kind === 'online') void this.#catchUp();
    const closed = this.connection.closedError();
    if (closed === null) return;
    this.receipts.rest();
    this.outbox.close(closed);
    this.#connecting?.reject(asChatError(closed.cause ?? closed));
    this.#connecting = null;
  }

  /** After each welcome: what waits goes out, and what has no sequence is asked for again. */
  async #catchUp(): Promise<void> {
    this.outbox.pump();
    this.receipts.flush();
    this.#names.welcomed();
    this.#behind = true;
    if (this.#catchingUp) return; // goes on over the reconnect, and then once more
    this.#catchingUp = true;
    try {
      while (this.#behind) {
        this.#behind = false;
        await this.insist(() => this.#reload());
      }
      this.#connecting?.resolve();
    } catch (thrown) {
      this.failed(thrown);
      if (this.state.kind === 'online') this.#connecting?.reject(asChatError(thrown)); // else told by the state
    } finally {
      this.#catchingUp = false;
    }
  }

  async #reload(): Promise<void> {
    const inbox = this.#welcome?.inboxChatId ?? 0;
    if (this.#sync.cursor(inbox)?.isNumbered !== true) await this.questions.askAside(inbox);
    const wasLoaded = this.#loaded;
    // Every chat gets a position. Later the hello tells them all, unless there are too many: then the list tells the other heads.
    const whole = !wasLoaded || this.#missed || this.chats.size >= maxPositions(this.#welcome);
    // What is not in the list may be left: the event that said so may be one that was missed.
    const unlisted = new Set(whole ? this.chats.items.map((summary) => summary.chatId) : []);
    let cursor: string | null = null;
    do cursor = await this.#loadPage(cursor, unlisted);
    while (whole && cursor !== null);
    for (const chatId of unlisted) void this.questions.askAside(chatId);
    if (this.#behind) return; // a chat may have moved past the pages meanwhile: once more
    this.#missed = false;
    this.#loaded = true;
    this.chats.complete();
    for (const chatId of this.#announced.keys()) void this.questions.askAside(chatId);
    if (!wasLoaded) return;
    for (const chat of this.#chats.values()) await chat.resync().catch(this.failed);
  }

  async #loadPage(cursor: string | null, unlisted: Set<number>): Promise<string | null> {
    const left = new Set<number>();
    this.#left = left;
    const page = await this.queries.chats(cursor);
    for (const chat of page.chats) {
      if (left.has(chat.chatId)) continue; // who came back since is announced, and asked for alone
      unlisted.delete(chat.chatId);
      this.adopt(chat, this.#loaded && !this.chats.has(chat.chatId));
    }
    return page.nextCursor;
  }

  /** Takes a chat as the server describes it: summary, list, position. `isNew`: its events since joining are news. */
  adopt(chat: WireChat, isNew: boolean): LiveChat {
    const announced = this.#announced.get(chat.chatId);
    this.#announced.delete(chat.chatId);
    const live = this.chat(chat.chatId);
    live.takeSummary(summaryOf(chat), chat.unread);
    if (chat.peerId !== null && chat.peerName !== null) this.#names.learn([{ principalId: chat.peerId, name: chat.peerName }]);
    if (chat.chatId !== this.#welcome?.inboxChatId) this.chats.add(live);
    const from = isNew || announced !== undefined ? Math.max(0, chat.joinedAtSequence - 1) : chat.headSequence;
    this.#sync.follow(chat.chatId, chat.epoch, Math.max(chat.headSequence, announced ?? 0), from);
    if (chat.lastEvent?.senderId !== this.principalId) this.#markDelivered(live, chat.headSequence);
    return live;
  }

  /** One is not in a chat any more; one that is deleted is followed no more, `whole` if all of it was taken. */
  #ended(chatId: number, deleted: boolean, whole?: boolean): void {
    this.questions.left(chatId);
    this.#left.add(chatId);
    this.removed(chatId);
    if (deleted) this.#sync.lose(chatId, whole);
  }

  removed(chatId: number): void {
    this.#announced.delete(chatId);
    this.chats.remove(chatId);
  }

  pushed(push: Push): void {
    const { kind, value } = push;
    if (kind === 'event') {
      if (value.sequence < 1) this.#hinted(value);
      else if (this.#isLateStart(value)) this.#announce(value.chatId, value.sequence);
      else this.#sync.offer(value);
    } else if (kind === 'gap') this.#sync.announce(value.chatId, value.headSequence);
    else if (kind === 'receipts') {
      this.chat(value.chatId).takeReceipts(value.receipts);
      this.emit('receipts', value);
    } else this.emit('push', push); // of a part that is apart from the core
  }

  /** What is in no log is for the parts that go by it, where it is of a kind that may be (protocol-spec.md §6.25). */
  #hinted(event: WireEvent): void {
    const isHint = event.kind === inboxKinds.statuses_changed || event.kind === inboxKinds.status_viewed;
    if (isHint && event.chatId === this.#welcome?.inboxChatId) this.emit('inbox', event);
  }

  /** The first that is heard of a chat is not its beginning: it was joined while there was no connection, or made with others in it first. */
  #isLateStart({ chatId, sequence }: WireEvent): boolean {
    return this.#loaded && sequence > 1 && this.#sync.cursor(chatId) === undefined && !this.chats.has(chatId);
  }

  /** A chat is new; what of it is pushed until it is described is fetched then. */
  #announce(chatId: number, head: number): void {
    this.#announced.set(chatId, Math.max(head, this.#announced.get(chatId) ?? 0));
    void this.questions.askAside(chatId);
  }

  /** Each event of each chat comes by here once, in order. */
  deliver(event: WireEvent): void {
    if (event.chatId === this.#welcome?.inboxChatId) {
      this.#deliverInbox(event);
      return;
    }
    const chat = this.chat(event.chatId);
    if (chat.summary === undefined) void this.questions.askAside(event.chatId);
    else if (event.kind === eventKinds.chat_info_changed) this.questions.askInTurn(event.chatId, chat.summary.memberCount);
    const item = chat.take(event);
    this.emit('message', item);
    if (event.kind === eventKinds.chat_deleted) this.#ended(event.chatId, true, true);
    else if (event.senderId !== this.principalId) this.#markDelivered(chat, event.sequence);
  }

  #deliverInbox(event: WireEvent): void {
    this.chat(event.chatId).take(event);
    this.emit('inbox', event);
    const { kind, subjectId, replyTo } = event;
    const changed = peopleChanges[kind - inboxKinds.contact_changed];
    if (changed !== undefined) this.emit('people', { kind: changed, principalId: subjectId });
    if (subjectId === null || changed !== undefined) return;
    if (kind === inboxKinds.chat_added) {
      this.#announce(subjectId, 0);
    } else if (kind === inboxKinds.chat_removed) {
      this.#ended(subjectId, event.text !== null);
    } else if (kind >= inboxKinds.chat_settings_changed && kind <= inboxKinds.history_cleared) {
      this.#settingsChanged(subjectId, replyTo); // which history_cleared alone has
    } else if (replyTo !== null && (kind === inboxKinds.starred || kind === inboxKinds.unstarred)) {
      this.emit('starred', { chatId: subjectId, sequence: replyTo, starred: kind === inboxKinds.starred });
    } else if (replyTo !== null && kind === inboxKinds.hidden) {
      this.#chats.get(subjectId)?.hidden(replyTo);
      this.emit('hidden', { chatId: subjectId, sequence: replyTo });
    }
  }

  #settingsChanged(chatId: number, clearedUpTo: number | null): void {
    if (clearedUpTo !== null) {
      this.#chats.get(chatId)?.cleared(clearedUpTo);
      this.emit('cleared', { chatId, upTo: clearedUpTo });
    }
    if (this.chats.has(chatId)) void this.questions.askAside(chatId, true);
  }

  #markDelivered(chat: LiveChat, upTo: number): void {
    if (this.options.markDelivered && chat.id !== this.#welcome?.inboxChatId) chat.markDelivered(upTo);
  }

  discontinued(event: Discontinuity): void {
    this.#chats.get(event.chatId)?.discontinued(event.reason === 'position_void');
    if (event.chatId === this.#welcome?.inboxChatId) {
      this.#missed = true;
      if (this.state.kind === 'online') void this.#catchUp(); // else the next welcome does
    }
    this.emit('discontinuity', event);
  }

  positions(): ReturnType<Sync['positions']> {
    const inbox = this.#welcome?.inboxChatId ?? 0;
    const recent = this.chats.items.map((summary) => summary.chatId);
    return this.#sync.positions(maxPositions(this.#welcome), [inbox, ...recent]);
  }
}
