import { arrayOf, numberOf, textOf } from '../account/json.js';
import type { HttpMethod } from '../account/rest.js';
import type { Reaction } from '../api.js';

/** What is rarely done to messages, and so goes over REST; what comes of it arrives as events. */
export class MessageRest {
  readonly #chatId: number;
  readonly #call: (method: HttpMethod, path: string) => Promise<unknown>;

  constructor(chatId: number, call: (method: HttpMethod, path: string) => Promise<unknown>) {
    this.#chatId = chatId;
    this.#call = call;
  }

  /** All of them, page after page. */
  async reactions(sequence: number): Promise<Reaction[]> {
    const all: Reaction[] = [];
    for (let after = ''; ; ) {
      const page = await this.#call('GET', `${this.#path(sequence)}/reactions${after}`);
      for (const one of arrayOf(page, 'items')) all.push({ principalId: numberOf(one, 'principalId'), emoji: textOf(one, 'emoji') });
      const last = all.at(-1);
      if (!last || !(page as { nextCursor?: string | null }).nextCursor) return all;
      after = `?after=${last.principalId}`;
    }
  }

  async set(sequence: number, what: 'pin' | 'star' | 'hide', on: boolean): Promise<void> {
    await this.#call(on ? 'POST' : 'DELETE', `${this.#path(sequence)}/${what}`);
  }

  async pinned(): Promise<number[]> {
    const page = await this.#call('GET', `/api/chats/${this.#chatId}/pins`);
    return arrayOf(page, 'items').map((item) => numberOf(item, 'sequence'));
  }

  #path(sequence: number): string {
    return `/api/messages/${this.#chatId}-${sequence}`;
  }
}
