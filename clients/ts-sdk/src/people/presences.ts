import type { ChatClient, Presence } from '../api.js';
import { bool, int, list, optionalInt, struct } from '../codec/fields.js';
import { hearPush } from '../connection/hear-push.js';
import { frame } from '../frames/frame.js';

/** Who is online, of the people whom one looks at: apart from the core. */
export interface Presences {
  /** Replaces the set of people who are followed (at most 200), and tells how they are now; nobody while not connected: the next connection asks. */
  watch(principalIds: readonly number[]): Promise<Presence[]>;
  /** Undefined while unknown, as all are while there is no connection: who comes and goes is not told then. */
  of(principalId: number): Presence | undefined;
  close(): void;
}

const presenceFields = { principalId: int, online: bool, lastSeenMs: optionalInt };

/** protocol-spec.md §6.14, §6.23 and §6.28. */
export const presenceRequests = { watchPresence: frame(14, { principalIds: list(int) }) };
export const presenceReplies = { presences: frame(48, { presences: list(struct(presenceFields)) }) };
export const presencePushes = { presence: frame(83, presenceFields) };

export type PresencesClient = Pick<ChatClient, 'on' | 'wire'>;

/** `presence` is undefined where it is not known any more. */
export type PresenceListener = (principalId: number, presence: Presence | undefined) => void;

/** Takes the client. One for each: what one of them follows replaces what another did. */
export function createPresences(client: PresencesClient, changed: PresenceListener = () => {}): Presences {
  const known = new Map<number, Presence>();
  let watched: readonly number[] = [];

  function take(presence: Presence): void {
    const held = known.get(presence.principalId);
    if (held?.online === presence.online && held.lastSeenMs === presence.lastSeenMs) return;
    known.set(presence.principalId, presence);
    changed(presence.principalId, presence);
  }

  function forget(principalId: number): void {
    known.delete(principalId);
    changed(principalId, undefined);
  }

  async function ask(): Promise<Presence[]> {
    const answer = await client.wire.tell(presenceRequests.watchPresence, { principalIds: watched }, presenceReplies.presences);
    const presences = answer?.presences ?? [];
    for (const presence of presences) take(presence);
    return [...presences];
  }

  const ends = [
    hearPush(client, 'presence', presencePushes.presence, take),
    client.on('state', ({ to }) => {
      if (to.kind !== 'online') for (const id of [...known.keys()]) forget(id);
      else if (watched.length > 0) ask().catch(client.wire.failed); // a new session follows nobody
    }),
  ];
  return {
    watch(principalIds) {
      watched = principalIds;
      for (const id of [...known.keys()]) if (!watched.includes(id)) forget(id);
      return ask();
    },
    of: (principalId) => known.get(principalId),
    close() {
      for (const end of ends) end();
    },
  };
}
