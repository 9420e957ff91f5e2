const Kept = 'chat-push-owner';

/** What the page leaves for the worker, which has no other storage in common with it: one text a place, in a cache. Null where there is none. */
export async function keptForWorker(place: string): Promise<string | null> {
  return held(async (cache) => (await (await cache.match(place))?.text()) ?? null);
}

export async function keepForWorker(place: string, text: string | null): Promise<void> {
  await held<unknown>((cache) => (text === null ? cache.delete(place) : cache.put(place, new Response(text))));
}

async function held<T>(use: (cache: Cache) => Promise<T>): Promise<T | null> {
  try {
    return await use(await caches.open(Kept));
  } catch {
    return null; // no caches where the page is not served securely, nor notifications; or no room
  }
}
