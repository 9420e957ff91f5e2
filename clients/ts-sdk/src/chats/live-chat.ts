import type { Chat, ChatEvent, ChatEvents, ChatItem, ChatSummary, HistoryPage, Member, Receipt } from '../api.js';
import { eventKinds, kindName, memberRoles } from '../codes.js';
import { Emitter, oncePerTurn } from '../emitter.js';
import type { WireEvent } from '../frames/elements.js';
import type { WireHistory } from '../frames/replies.js';
import type { NewMessage, QueuedMessage } from '../outbox/outgoing-message.js';
import { isChange } from './changes.js';
import { eventItem, type OthersWatermarks, outgoingItem, storedState } from './item.js';
import type { ChatPorts, HistoryRange } from './ports.js';
import { Roster } from './roster.js';
import { applyEvent, impliedWatermarks, mergeSummary, type Rising, raise, replaceLastEvent, type SummaryBase } from './summary.js';
import { UnreadCount } from './unread.js';
import { defaultWindow, LiveWindow, largestPage } from './window.js';

/** Own messages whose ticks are followed; older ones keep the state they have. */
const maxUnread = 1_000;

/** One chat of the client: its summary, its window while it is open, its own messages on their way. */
export class LiveChat extends Emitter<ChatEvents> implements Chat {
  readonly id: number;
  readonly messages = new LiveWindow();
  readonly #client: ChatPorts;
  /** Own messages without their ack, by client message id, in their order. */
  #pending = new Map<string, QueuedMessage>();
  /** Own messages that are stored and not read by all yet, by sequence. */
  readonly #unread = new Map<number, QueuedMessage>();
  readonly #tellChange = oncePerTurn(() => this.emit('change', this));
  #roster: Roster | null = null;
  #base: SummaryBase | undefined;
  #count = new UnreadCount();
  #summary: ChatSummary | undefined;
  #opened = 0;
  #opening: Promise<void> | null = null;
  #loadingOlder: Promise<void> | null = null;
  #size = defaultWindow;
  /** Counts the starts of the window: what was asked for an earlier one is not taken. */
  #start = 0;
  /** Pages that are asked for; meanwhile changes of what they may hold are kept. */
  #pages = 0;
  #changes: WireEvent[] = [];
  /** The next summary replaces what is held. */
  #voided = false;

  constructor(id: number, client: ChatPorts) {
    super();
    this.id = id;
    this.#client = client;
  }

  get summary(): ChatSummary | undefined {
    this.#summary ??= this.#base && this.#summarize(this.#base);
    return this.#summary;
  }

  get #me(): number {
    return this.#client.principalId;
  }

  get isOpen(): boolean {
    return this.#opened > 0;
  }

  open(options: { window?: number } = {}): Promise<void> {
    this.#opened++;
    if (this.#opening === null) {
      this.#size = Math.min(largestPage, options.window ?? defaultWindow);
      this.#openBy(this.#load());
    }
    return this.#opening as Promise<void>;
  }

  #openBy(loading: Promise<void>): void {
    this.#opening = loading;
    loading.catch(() => (this.#opening = null)); // the next `open` tries again, and so does the next connection
  }

  close(): void {
    if (this.#opened === 0 || --this.#opened > 0) return;
    this.#opening = null;
    this.#roster = null;
    this.#start++;
    this.messages.clear();
    this.#tellChange();
  }

  loadOlder(): Promise<void> {
    this.#loadingOlder ??= this.#loadOlder().finally(() => (this.#loadingOlder = null));
    return this.#loadingOlder;
  }

  send(message: NewMessage): QueuedMessage {
    const outgoing = this.#client.outbox.add(this.id, message);
    this.#client.emit('sending', outgoing);
    return outgoing;
  }

  markRead(sequence?: number): void {
    const { headSequence = 0, readUpTo = 0 } = this.#base ?? {};
    const upTo = Math.min(sequence ?? headSequence, headSequence);
    if (upTo <= readUpTo) return;
    this.#raise({ readUpTo: upTo, deliveredUpTo: upTo });
    this.#client.receipts.mark('read', this.id, upTo);
  }

  async history(options: HistoryRange = {}): Promise<HistoryPage> {
    const page = await this.#client.history(this.id, options);
    return { ...page, events: this.#items(page.events) };
  }

  async members(): Promise<Member[]> {
    const members = await this.#client.members(this.id);
    return members.map((member) => ({ ...member, role: kindName(memberRoles, member.role) }));
  }

  // ---- what the client tells this chat; not part of the public interface ----

  /** `unread` is what the service counted for `fresh`. */
  takeSummary(fresh: SummaryBase, unread: number): void {
    const held = this.#voided ? undefined : this.#base;
    this.#voided = false;
    if (held?.epoch !== fresh.epoch) this.#count = new UnreadCount();
    this.#count.settle(fresh.headSequence, fresh.readUpTo, unread);
    const base = held === undefined ? fresh : mergeSummary(held, fresh);
    // The answer is of before what was taken since, and it does not show the last message any more: what it shows may have changed since.
    const last = base.lastEvent?.sequence ?? 0;
    if (last <= fresh.headSequence && last > (fresh.lastEvent?.sequence ?? 0)) void this.#client.questions.askAside(this.id, true);
    this.#setBase(raise(base, impliedWatermarks(base.lastEvent, this.#me, base.peerId)));
  }

  /** An event, in order and once. Returns it as the app sees it. */
  take(event: WireEvent): ChatEvent {
    const outgoing = this.#claim(event);
    if (event.kind === eventKinds.message && event.senderId !== this.#me) this.#needRoster();
    this.#roster?.applyEvent(event);
    this.#count.take(event);
    if (this.#base !== undefined) this.#setBase(applyEvent(this.#base, event, this.#me));
    if (event.senderId === this.#me) this.marked();
    this.#raiseOthers();
    const item = eventItem(event, this.#me, this.#others(), outgoing ?? this.#unread.get(event.sequence));
    if (isChange(event.kind)) this.#change(event);
    else if (this.isOpen) this.messages.merge([item]);
    this.#tellChange();
    return item;
  }

  takeReceipts(receipts: readonly Receipt[]): void {
    for (const { principalId, deliveredUpTo, readUpTo } of receipts) {
      if (principalId === this.#me) {
        this.#raise({ deliveredUpTo, readUpTo });
        if (readUpTo > this.#count.readUpTo) this.marked(); // another device has read
      } else if (this.#base?.peerId === principalId) this.#raise({ othersDeliveredUpTo: deliveredUpTo, othersReadUpTo: readUpTo });
      else this.#roster?.take({ principalId, deliveredUpTo, readUpTo });
    }
    this.#raiseOthers();
    this.#needRoster();
    this.emit('receipts', receipts);
  }

  /** Own watermarks rose, here or at the service: what they leave unread is known, or can be asked for. */
  marked(): void {
    const base = this.#base;
    if (base === undefined || this.#count.count(base.headSequence, base.readUpTo).exact) return;
    void this.#client.questions.askAside(this.id, true);
  }

  /** One deleted a message for oneself: the list shows the one before. */
  hidden(sequence: number): void {
    this.messages.drop(sequence);
    this.#tellChange();
    if (this.#base?.lastEvent?.sequence === sequence) void this.#client.questions.askAside(this.id, true);
  }

  /** One cleared the history for oneself. */
  cleared(upTo: number): void {
    this.messages.dropUpTo(upTo);
    this.#tellChange();
  }

  /** Marks delivered what was taken, unless it is known to be; in a channel nobody waits for that (protocol-spec.md §8.9). */
  markDelivered(upTo: number): void {
    const { kind, deliveredUpTo = upTo } = this.#base ?? {};
    if (kind === 'channel' || upTo <= deliveredUpTo) return;
    this.#raise({ deliveredUpTo: upTo });
    this.#client.receipts.mark('delivered', this.id, upTo);
  }

  outgoingChanged(message: QueuedMessage): void {
    if (message.sequence === null) this.#pending.set(message.clientMessageId, message);
    else if (this.#pending.delete(message.clientMessageId)) this.#store(message, message.sequence);
    this.#showPending();
  }

  /** Own messages of before are back, in their order, before those since; some may be known to be stored. */
  adopted(messages: readonly QueuedMessage[]): void {
    this.#pending = new Map([...messages.map((message) => [message.clientMessageId, message] as const), ...this.#pending]);
    for (const item of this.messages.items) this.#claim(item);
    this.#showPending();
  }

  withdrawn(message: QueuedMessage): void {
    this.#pending.delete(message.clientMessageId);
    this.#showPending();
  }

  /** What is held has a hole or is void: an open window starts again; what is on its way stays. */
  discontinued(voided: boolean): void {
    this.#voided ||= voided;
    this.#unread.clear();
    this.#roster = null;
    this.#changed();
    if (this.isOpen) this.#reload();
  }

  /** After a reconnect: what may have been missed and has no sequence. */
  async resync(): Promise<void> {
    if (this.isOpen) await this.#client.questions.ask(this.id, true);
    if (!this.isOpen)
      this.#roster = null; // receipts were missed: the next one loads it again
    else if (this.#opening === null) this.#reload();
    else await this.#loadRoster();
  }

  /** What is done to a message is seen in the message, here and in the summary. */
  #change(event: WireEvent): void {
    if (this.#pages > 0) this.#changes.push(event);
    const isLast = this.#base?.lastEvent?.sequence === event.replyTo;
    if (isLast && event.kind === eventKinds.edited && event.text === null) this.#readAgain(event.replyTo);
    else this.#apply(event);
  }

  #apply(event: WireEvent): void {
    if (this.messages.change(event, this.#me)) this.#readAgain(event.replyTo);
  }

  /** A message has another text, and the event did not say which. */
  #readAgain(sequence: number | null): void {
    if (sequence === null) return;
    this.#read({ after: sequence - 1, limit: 1 }, (page) => {
      const fresh = page.events.find((event) => event.sequence === sequence);
      if (fresh === undefined) return;
      if (this.messages.items.some((item) => item.sequence === sequence)) this.#show([fresh]); // none while it is closed
      if (this.#base !== undefined) this.#setBase(replaceLastEvent(this.#base, fresh));
      this.#tellChange();
    }).catch(this.#client.failed);
  }

  /** Reads a page. A change that comes while it is asked for may not be in it, and is applied to it by `#show`. */
  async #read(range: HistoryRange, take: (page: WireHistory) => void): Promise<void> {
    this.#pages++;
    try {
      take(await this.#client.history(this.id, range));
    } finally {
      this.#pages--;
      if (this.#pages === 0) this.#changes = [];
    }
  }

  #show(events: readonly WireEvent[]): void {
    this.messages.merge(this.#items(events.filter((event) => !isChange(event.kind))));
    for (const change of this.#changes) this.#apply(change);
  }

  #reload(): void {
    this.messages.clear();
    const loading = this.#client.insist(() => this.#load());
    this.#openBy(loading);
    loading.catch(this.#client.failed);
  }

  async #load(): Promise<void> {
    if (!this.isOpen) return; // closed since
    const start = ++this.#start; // before anything is awaited: what is asked for the window of before is not taken
    if (this.#base === undefined || this.#voided) await this.#client.questions.ask(this.id, true);
    const { headSequence = 0, readUpTo = 0 } = this.#base ?? {};
    const limit = Math.min(largestPage, Math.max(this.#size, headSequence - readUpTo + 10));
    const isUnread = this.#count.count(headSequence, readUpTo).unread > 0;
    await this.#read({ limit }, (page) => {
      if (start !== this.#start) return; // closed, or started again
      this.messages.unreadAt = isUnread ? readUpTo + 1 : null;
      this.#takePage(page);
      this.#showPending();
    });
    if (start === this.#start) await this.#loadRoster();
  }

  async #loadOlder(): Promise<void> {
    const start = this.#start;
    const before = this.messages.first;
    if (before === null || !this.messages.hasOlder) return;
    await this.#read({ before, limit: this.#size }, (page) => {
      if (start !== this.#start) return;
      this.#takePage(page);
      this.#tellChange();
    });
  }

  #takePage(page: WireHistory): void {
    this.messages.coversFrom(page.coversFrom);
    this.messages.hasOlder = page.hasMore;
    this.#show(page.events);
  }

  /** Somebody has read: if own messages wait for that, the others have to be known. */
  #needRoster(): void {
    if (this.#roster === null && this.#unread.size > 0) void this.#loadRoster();
  }

  /** Groups only: in a direct chat the peer's receipt says all, in a channel nobody's is told. Ticks can wait: that it failed is told alone. */
  async #loadRoster(): Promise<void> {
    if (this.#base?.peerId !== null || this.#base.kind === 'channel') return;
    this.#roster ??= new Roster(this.#me);
    const roster = this.#roster;
    try {
      roster.load(await this.#client.members(this.id));
    } catch (thrown) {
      if (roster === this.#roster && !roster.isComplete) this.#roster = null; // the next receipt tries again
      this.#client.failed(thrown);
    }
    this.#raiseOthers();
  }

  #store(message: QueuedMessage, sequence: number): void {
    this.#unread.set(sequence, message);
    if (this.#unread.size > maxUnread) this.#unread.delete(this.#unread.keys().next().value as number);
    const others = this.#others();
    const item = { ...outgoingItem(message, this.#me), sequence, state: storedState(sequence, others) };
    // An answer to what was sent long ago may be of before the window.
    if (sequence >= (this.messages.first ?? Number.POSITIVE_INFINITY)) this.messages.merge([item]);
    queueMicrotask(() => message.advance(others)); // 'sent' is told first
  }

  /** The roster may know a higher minimum than the summary. */
  #raiseOthers(): void {
    if (this.#roster !== null) this.#raise(this.#roster.lowest());
  }

  #raise(fresh: Rising): void {
    if (this.#base !== undefined) this.#setBase(raise(this.#base, fresh));
  }

  #setBase(base: SummaryBase): void {
    const before = this.#base;
    if (before === base) return;
    this.#base = base;
    if (before?.othersDeliveredUpTo !== base.othersDeliveredUpTo || before.othersReadUpTo !== base.othersReadUpTo) this.#advance();
    this.#changed();
  }

  #advance(): void {
    const others = this.#others();
    this.messages.refreshStates(others);
    for (const [sequence, message] of this.#unread) {
      message.advance(others);
      if (sequence <= others.readUpTo) this.#unread.delete(sequence);
    }
  }

  #showPending(): void {
    this.messages.setPending([...this.#pending.values()].map((message) => outgoingItem(message, this.#me)));
    this.#changed();
  }

  #changed(): void {
    this.#summary = undefined;
    this.#tellChange();
    this.#client.chats.updated(this.id);
  }

  #others(): OthersWatermarks {
    const { othersDeliveredUpTo: deliveredUpTo = 0, othersReadUpTo: readUpTo = 0 } = this.#base ?? {};
    return { deliveredUpTo, readUpTo };
  }

  #items(events: readonly WireEvent[]): ChatEvent[] {
    return events.map((event) => eventItem(event, this.#me, this.#others(), this.#claim(event) ?? this.#unread.get(event.sequence)));
  }

  /** The own message that this event is, if it was not known to be stored: on its way, or given up. */
  #claim(event: Pick<ChatItem, 'senderId' | 'sequence' | 'createdAtMs'> & { clientMessageId?: string | null }): QueuedMessage | undefined {
    const { senderId, sequence, createdAtMs, clientMessageId } = event;
    if (senderId !== this.#me || sequence === null) return undefined; // a peer may use an id that it has seen
    const message = this.#pending.get(clientMessageId ?? '');
    if (message !== undefined) this.#client.outbox.stored(message, { sequence, createdAtMs });
    return message;
  }

  #summarize(base: SummaryBase): ChatSummary {
    const { epoch: _epoch, lastEvent, ...rest } = base;
    const pending = [...this.#pending.values()].at(-1);
    const me = this.#me;
    const lastItem = pending === undefined ? lastEvent && eventItem(lastEvent, me, this.#others()) : outgoingItem(pending, me);
    return {
      ...rest,
      unread: this.#count.count(base.headSequence, base.readUpTo).unread,
      lastActivityMs: Math.max(base.lastActivityMs, pending?.queuedAtMs ?? 0),
      lastItem,
    };
  }
}
