import type { ChatClient } from '../api.js';
import { systemClock } from '../defaults.js';
import { type Deferred, deferred } from '../deferred.js';
import type { WirePrincipal } from '../frames/elements.js';
import { replies } from '../frames/replies.js';
import { requests } from '../frames/requests.js';
import type { Clock } from '../ports.js';

/** What pictures people show: asked for over the connection, and apart from the core. */
export interface Avatars {
  /**
   * The reference to a person's picture, which for one of this service is the id of its file (`files.link`). Null where there is none, where it is
   * hidden from one, and of who shares no chat with one. What is asked for within a moment is asked for together; nothing is remembered.
   */
  of(principalId: number): Promise<string | null>;
}

const collectMs = 20;
/** As many as one request takes (protocol-spec.md §6.9). */
const atOnce = 200;

/** Makes what asks which pictures people show. `clock`: for collecting what is asked for within a moment. */
export function createAvatars(client: Pick<ChatClient, 'wire'>, { clock = systemClock }: { readonly clock?: Clock } = {}): Avatars {
  let wanted = new Map<number, Deferred<string | null>>();

  function fetch(): void {
    const asked = [...wanted];
    wanted = new Map();
    for (let at = 0; at < asked.length; at += atOnce) void answer(client, asked.slice(at, at + atOnce));
  }

  return {
    of(principalId) {
      if (wanted.size === 0) clock.after(collectMs, fetch);
      const held = wanted.get(principalId) ?? deferred<string | null>();
      wanted.set(principalId, held);
      return held.promise;
    },
  };
}

async function answer(client: Pick<ChatClient, 'wire'>, asked: readonly (readonly [number, Deferred<string | null>])[]): Promise<void> {
  try {
    const principalIds = asked.map(([principalId]) => principalId);
    const { principals } = await client.wire.call(requests.getPrincipals, { principalIds }, replies.principals);
    const shown = new Map(principals.map(({ principalId, avatar }: WirePrincipal) => [principalId, avatar]));
    for (const [principalId, waiting] of asked) waiting.resolve(shown.get(principalId) ?? null);
  } catch (thrown) {
    for (const [, waiting] of asked) waiting.reject(thrown as Error);
  }
}
