import type { Discontinuity } from '../api.js';
import { asChatError, type ChatError } from '../errors.js';
import type { WireEvent, WirePosition } from '../frames/elements.js';
import type { WireHistory } from '../frames/replies.js';
import { ChatCursor, unknownEpoch } from './cursor.js';

export interface SyncPorts {
  /** Asks until there is an answer; rejects only for good. */
  fetch(chatId: number, after: number): Promise<WireHistory>;
  /** Each event once, in order within its chat. */
  deliver(event: WireEvent): void;
  /** The chat starts anew: what is held of it is void (or has a hole). */
  discontinued(event: Discontinuity): void;
  pause(ms: number): Promise<void>;
  failed(error: ChatError): void;
}

const parallelFetches = 4;
/** A hole that history does not have yet is asked for this often (0.2 s, 0.4 s, …) before it is given up. */
const holeAttempts = 6;
const holePauseMs = 200;

/** The positions of all chats, and the fetching of what is missing: one fetch a chat at a time, few chats at once. */
export class Sync {
  readonly #ports: SyncPorts;
  readonly #maxCatchUp: number;
  readonly #cursors = new Map<number, ChatCursor>();
  readonly #behind = new Set<number>();
  readonly #fetching = new Set<number>();

  constructor(ports: SyncPorts, maxCatchUp: number) {
    this.#ports = ports;
    this.#maxCatchUp = maxCatchUp;
  }

  /** For the hello, those of `first` first. A chat of which only pushes are known has no epoch yet, and no position to tell. */
  positions(limit = Number.POSITIVE_INFINITY, first: Iterable<number> = []): WirePosition[] {
    const known = [...new Set([...first, ...this.#cursors.keys()])].flatMap((chatId) => {
      const { epoch = unknownEpoch, sequence = 0 } = this.#cursors.get(chatId) ?? {};
      return epoch === unknownEpoch ? [] : { chatId, epoch, sequence };
    });
    return known.slice(0, limit);
  }

  cursor(chatId: number): ChatCursor | undefined {
    return this.#cursors.get(chatId);
  }

  /**
   * A chat's numbering and head as the server tells them. A chat not followed so far is followed from `from` on; another
   * epoch than the one held voids the position.
   */
  follow(chatId: number, epoch: number, head: number, from: number): void {
    const held = this.#cursors.get(chatId);
    const isVoid = held?.isNumbered === true && held.epoch !== epoch;
    if (held?.epoch !== epoch) this.#cursors.set(chatId, new ChatCursor(epoch, isVoid ? head : (held?.sequence ?? from)));
    this.announce(chatId, isVoid ? head : Math.max(head, held?.head ?? 0));
    if (isVoid) this.#ports.discontinued({ chatId, reason: 'position_void' });
  }

  /** The position in a chat is void: it is followed no more, and what is held of it counts for nothing; unless `whole`, taken to its end. */
  lose(chatId: number, whole?: boolean): void {
    this.#behind.delete(chatId);
    if (this.#cursors.delete(chatId) && !whole) this.#ports.discontinued({ chatId, reason: 'position_void' });
  }

  /** A push. A chat not followed so far is followed from here on: the caller knows that it begins with this event, or tells no earlier ones. */
  offer(event: WireEvent): void {
    if (event.sequence < 1) return; // in no log; a position below 0 would close the next connection
    const cursor = this.#cursors.get(event.chatId) ?? new ChatCursor(unknownEpoch, event.sequence - 1);
    this.#cursors.set(event.chatId, cursor);
    this.#deliver(cursor.offer(event));
    this.#catchUp(event.chatId, cursor);
  }

  /** How far a chat goes, if it is followed. */
  announce(chatId: number, head: number): void {
    const cursor = this.#cursors.get(chatId);
    cursor?.announce(head);
    if (cursor) this.#catchUp(chatId, cursor);
  }

  #catchUp(chatId: number, cursor: ChatCursor): void {
    if (cursor.isBehind) this.#behind.add(chatId);
    else this.#behind.delete(chatId);
    this.#fetchNext();
  }

  #fetchNext(): void {
    for (const chatId of this.#behind) {
      if (this.#fetching.size >= parallelFetches) return;
      if (!this.#fetching.has(chatId)) void this.#fetch(chatId);
    }
  }

  /** Fetches until the chat is whole. A cursor that was replaced meanwhile takes nothing of it. */
  async #fetch(chatId: number): Promise<void> {
    this.#fetching.add(chatId);
    try {
      let fruitless = 0;
      for (let cursor = this.#cursors.get(chatId); cursor?.isBehind; cursor = this.#cursors.get(chatId)) {
        if (cursor.head - cursor.sequence > this.#maxCatchUp) {
          this.#skip(chatId, cursor, cursor.head, 'too_far_behind');
          continue;
        }
        const { sequence: before, head } = cursor;
        const answer = await this.#ports.fetch(chatId, before);
        if (this.#cursors.get(chatId) !== cursor) continue;
        if (answer.chatId === chatId) this.#take(cursor, answer);
        if (cursor.sequence > before || !cursor.isBehind) fruitless = 0;
        else if (this.#cursors.get(chatId) === cursor) await this.#missing(chatId, cursor, head, ++fruitless);
      }
    } catch (thrown) {
      const error = asChatError(thrown);
      if (error.code > 0) {
        this.#ports.failed(error);
        this.lose(chatId);
      } // else closed: the positions stay, and the next welcome tells what is missing
    } finally {
      this.#fetching.delete(chatId);
      this.#behind.delete(chatId);
      this.#fetchNext();
    }
  }

  #take(cursor: ChatCursor, page: WireHistory): void {
    if (cursor.isNumbered && page.epoch !== cursor.epoch) this.follow(page.chatId, page.epoch, page.headSequence, page.headSequence);
    else this.#deliver(cursor.fill(page));
  }

  /** History gave nothing although the head is higher. */
  async #missing(chatId: number, cursor: ChatCursor, askedHead: number, attempt: number): Promise<void> {
    const firstHeld = cursor.firstHeld;
    if (cursor.head > askedHead) return; // heard of since the page was asked for: it is asked again
    if (firstHeld === null) cursor.endHere();
    else if (attempt < holeAttempts) await this.#ports.pause(holePauseMs * 2 ** (attempt - 1));
    else this.#skip(chatId, cursor, firstHeld - 1, 'unfillable');
  }

  #skip(chatId: number, cursor: ChatCursor, sequence: number, reason: Discontinuity['reason']): void {
    const rest = cursor.skipTo(sequence);
    this.#ports.discontinued({ chatId, reason });
    this.#deliver(rest);
  }

  #deliver(events: readonly WireEvent[]): void {
    for (const event of events) this.#ports.deliver(event);
  }
}
