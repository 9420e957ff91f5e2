import { watch } from 'vue';
import type { Connection } from '../connection/useConnection';

const MaxWatched = 200; // the server's bound (spec §10)

/** Follows the presence of the people in direct chats: the most recent ones, for the dots in the list and the header. */
export function usePresenceWatch({ presences, chats }: Connection): void {
  const peers = () => chats.value.flatMap((chat) => (chat.peerId === null ? [] : [chat.peerId])).slice(0, MaxWatched);
  const identity = () => [...peers()].sort((a, b) => a - b).join();
  watch(
    identity,
    (ids) => {
      // A dot is not worth a toast: a lost connection is told by the banner, and the next one asks again.
      if (ids !== '') presences.watch(peers()).catch(() => undefined);
    },
    { immediate: true },
  );
}
