import { type ChatClient, createStarred, type StarredMessages } from '@chat/sdk';
import { type ShallowRef, shallowRef } from 'vue';
import { useConnection } from '../../connection/useConnection';

/** Pages of stars that are asked for: who stars more sees the mark at the newest of them. */
const MostPages = 5;

export interface Starred {
  has(chatId: number, sequence: number): boolean;
}

const known = new WeakMap<ChatClient, Starred>();

/** Which messages one has starred, on whichever device; asked for once a connection. Without an answer, none is known until one stars. */
export function useStarred(): Starred {
  const { client, server } = useConnection();
  return starredOf(client, createStarred(server));
}

export function starredOf(client: ChatClient, starredMessages: StarredMessages): Starred {
  const before = known.get(client);
  if (before) return before;
  const stars: ShallowRef<ReadonlyMap<string, boolean>> = shallowRef(new Map());
  const keyOf = (chatId: number, sequence: number) => `${chatId}-${sequence}`;

  client.on('starred', ({ chatId, sequence, starred }) => {
    stars.value = new Map(stars.value).set(keyOf(chatId, sequence), starred);
  });

  async function load(): Promise<void> {
    let cursor: string | undefined;
    for (let page = 0; page < MostPages; page++) {
      const { messages, nextCursor } = await starredMessages.list(cursor);
      const listed = messages.map(({ chatId, sequence }) => [keyOf(chatId, sequence), true] as const);
      stars.value = new Map([...listed, ...stars.value]); // what was heard meanwhile is newer
      if (nextCursor === null) return;
      cursor = nextCursor;
    }
  }

  load().catch(() => known.delete(client)); // the next conversation asks again
  const starred = { has: (chatId: number, sequence: number) => stars.value.get(keyOf(chatId, sequence)) === true };
  known.set(client, starred);
  return starred;
}
