import * as errorCodes from '../error-codes.js';
import { asChatError } from '../errors.js';
import type { WireChat } from '../frames/elements.js';
import type { WholeOptions } from '../ports.js';
import type { Queries } from '../queries.js';
import { turnMs } from '../sync/turn.js';

/** What questions need of their client. */
export interface QuestionPorts {
  readonly options: Pick<WholeOptions, 'random'>;
  readonly queries: Pick<Queries, 'chat'>;
  /** Asks until there is an answer; rejects only for good. */
  insist<T>(ask: () => Promise<T>): Promise<T>;
  /** The chat as the service describes it now. */
  adopt(chat: WireChat, isNew: boolean): unknown;
  /** There is no such chat for this person. */
  removed(chatId: number): void;
  pause(ms: number): Promise<void>;
  failed(thrown: unknown): void;
}

/** A chat that is being asked for. */
interface Question {
  done: Promise<void>;
  /** Something told of it since the request: an answer that it does not exist may be of before. */
  wishedAgain: boolean;
  /** One left it since the request, or it changed: an answer that describes it may be of before. */
  stale: boolean;
}

/**
 * Asks for chats; for each once, however many events of it come meanwhile. Nothing else takes an answer that describes one alone: one may be
 * removed while it is under way.
 */
export class ChatQuestions {
  readonly #client: QuestionPorts;
  readonly #asking = new Map<number, Question>();
  /** Chats that are asked for in a while. */
  readonly #inTurn = new Set<number>();

  constructor(client: QuestionPorts) {
    this.#client = client;
  }

  /** Asks; again if it `changed` and an answer is under way, which may be of before. */
  ask(chatId: number, changed = false): Promise<void> {
    const held = this.#asking.get(chatId);
    if (held) {
      held.wishedAgain = true;
      held.stale ||= changed;
      return held.done;
    }
    const question = {} as Question; // `#ask` sets the marks before it waits
    this.#asking.set(chatId, question);
    question.done = this.#ask(chatId, question).finally(() => this.#asking.delete(chatId));
    return question.done;
  }

  /** As `ask`, where nobody waits to hear of it. */
  askAside(chatId: number, changed?: boolean): Promise<void> {
    return this.ask(chatId, changed).catch(this.#client.failed);
  }

  /** Of many who hear of a change at once, not all ask at once; of many changes, one asks. */
  askInTurn(chatId: number, memberCount: number): void {
    if (this.#inTurn.has(chatId)) return;
    this.#inTurn.add(chatId);
    const ask = (): void => {
      this.#inTurn.delete(chatId);
      void this.askAside(chatId, true);
    };
    this.#client.pause(turnMs(this.#client.options.random, memberCount)).then(ask, ask); // closed: the question is told so
  }

  /** One left the chat: an answer on its way may be of before. */
  left(chatId: number): void {
    const question = this.#asking.get(chatId);
    if (question) question.stale = true;
  }

  async #ask(chatId: number, question: Question): Promise<void> {
    for (;;) {
      question.wishedAgain = question.stale = false;
      try {
        const chat = await this.#client.insist(() => this.#client.queries.chat(chatId));
        if (!question.stale) this.#client.adopt(chat, false);
        if (!question.stale) return; // what takes the answer may find that it is of before
      } catch (thrown) {
        if (asChatError(thrown).code !== errorCodes.chat_not_found) throw thrown;
        if (!question.wishedAgain) {
          this.#client.removed(chatId);
          throw thrown;
        }
      }
    }
  }
}
