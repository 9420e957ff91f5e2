const Kept = 'chat-push-owner';
const Place = '/push-owner';

/**
 * Whose notifications this browser shows: one subscription is all that it has. In a cache, which the worker reads too; null: nobody's, so that
 * what is still pushed, because the service did not hear of a sign-out, says nothing.
 */
export async function pushOwner(): Promise<number | null> {
  const kept = await held(async (cache) => (await cache.match(Place))?.json());
  return Number.isSafeInteger(kept) ? (kept as number) : null;
}

export async function keepPushOwner(principalId: number | null): Promise<void> {
  await held((cache) => (principalId === null ? cache.delete(Place) : cache.put(Place, new Response(String(principalId)))));
}

async function held(use: (cache: Cache) => Promise<unknown>): Promise<unknown> {
  try {
    return await use(await caches.open(Kept));
  } catch {
    return null; // no caches where the page is not served securely, nor notifications; or no room
  }
}
