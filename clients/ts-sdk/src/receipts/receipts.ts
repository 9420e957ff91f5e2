import { arrayOf, flagOf, numberOf, optionalText } from '../account/json.js';
import { queryOf } from '../account/query.js';
import type { HttpMethod } from '../account/rest.js';
import { callSignedIn } from '../account/signed-in.js';
import type { ClientOptions } from '../api.js';

/** Who has got and read one's own messages, and when: over REST, and apart from the core, which knows the watermarks. */
export interface Receipts {
  /**
   * The others of the chat in the order of their ids, page after page. Fails with `not_sender` (it is somebody else's message),
   * `no_receipts` (it is in a channel), `message_deleted`, `message_not_found` and `chat_not_found`.
   */
  info(chatId: number, sequence: number, options?: { cursor?: string; limit?: number }): Promise<MessageReceipts>;
}

export interface MemberReceipt {
  readonly principalId: number;
  /** Whether one of the member's devices has it; false too where that is hidden. */
  readonly delivered: boolean;
  /** Whether the member has read it; false too where that is hidden. */
  readonly read: boolean;
  /**
   * ISO 8601; by when it was delivered: the end of the ten minutes in which it was, or `readAt` if that is sooner; not after the asking. Null where
   * it is not known: it is kept a little later than `delivered` and `read` are, old times are not kept, nor are those of large groups.
   */
  readonly deliveredAt: string | null;
  /** ISO 8601, to the minute, and neither before the message nor after the asking. Null as in `deliveredAt`. */
  readonly readAt: string | null;
}

export interface MessageReceipts {
  /** The others who were members when it came and still are. */
  readonly members: readonly MemberReceipt[];
  /** To how many it was delivered, of all pages; those included who have read it. */
  readonly deliveredCount: number;
  /** How many have read it, of all pages. */
  readonly readCount: number;
  /** How many others there are, of all pages. */
  readonly memberCount: number;
  readonly nextCursor: string | null;
}

/** Takes what `createClient` takes: the same address and tokens. */
export function createReceipts(options: Pick<ClientOptions, 'url' | 'token'>): Receipts {
  return new LiveReceipts((method, path) => callSignedIn(options.url, options.token, { method, path }));
}

export class LiveReceipts implements Receipts {
  readonly #rest: (method: HttpMethod, path: string) => Promise<unknown>;

  constructor(rest: (method: HttpMethod, path: string) => Promise<unknown>) {
    this.#rest = rest;
  }

  async info(chatId: number, sequence: number, { cursor, limit }: { cursor?: string; limit?: number } = {}): Promise<MessageReceipts> {
    const page = await this.#rest('GET', `/api/messages/${chatId}-${sequence}/info${queryOf({ cursor, limit })}`);
    return {
      members: arrayOf(page, 'items').map(memberOf),
      deliveredCount: numberOf(page, 'delivered'),
      readCount: numberOf(page, 'read'),
      memberCount: numberOf(page, 'members'),
      nextCursor: optionalText(page, 'nextCursor'),
    };
  }
}

function memberOf(answer: unknown): MemberReceipt {
  return {
    principalId: numberOf(answer, 'principalId'),
    delivered: flagOf(answer, 'delivered'),
    read: flagOf(answer, 'read'),
    deliveredAt: optionalText(answer, 'deliveredAt'),
    readAt: optionalText(answer, 'readAt'),
  };
}
