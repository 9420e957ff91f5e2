import { arrayOf, numberOf, optionalText, textOf } from '../account/json.js';
import { queryOf } from '../account/query.js';
import { callSignedIn } from '../account/signed-in.js';
import type { ClientOptions } from '../api.js';

/** What one has starred, in all chats: over REST, and apart from the core, which tells of stars as they come and go (`starred`). */
export interface StarredMessages {
  /** The one starred last first, page after page. */
  list(cursor?: string): Promise<StarredPage>;
}

export interface StarredPage {
  readonly messages: readonly { readonly chatId: number; readonly sequence: number; readonly text: string }[];
  readonly nextCursor: string | null;
}

/** Takes what `createClient` takes: the same address and tokens. */
export function createStarred(options: Pick<ClientOptions, 'url' | 'token'>): StarredMessages {
  return {
    async list(cursor) {
      const page = await callSignedIn(options.url, options.token, { method: 'GET', path: `/api/starred${queryOf({ cursor })}` });
      return { messages: arrayOf(page, 'items').map(starredOf), nextCursor: optionalText(page, 'nextCursor') };
    },
  };
}

function starredOf(item: unknown): StarredPage['messages'][number] {
  return { chatId: numberOf(item, 'chatId'), sequence: numberOf(item, 'sequence'), text: textOf(item, 'text') };
}
