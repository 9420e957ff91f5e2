import { type InjectionKey, inject, provide, type ShallowRef } from 'vue';
import { type LoadedLater, loadWhenListed } from '../connection/loadWhenListed';
import type { Connection } from '../connection/useConnection';
import type { StatusFeed } from './statusFeed';

const key: InjectionKey<LoadedLater<StatusFeed>> = Symbol('status feed');

/** Has the statuses followed from when the chats are there: what they need is loaded after them. Null until then. */
export function provideStatusFeed(connection: Connection): Readonly<ShallowRef<StatusFeed | null>> {
  const feed = loadWhenListed(connection.isListed, async () => {
    const { createStatusFeed } = await import('./statusFeed');
    return () => createStatusFeed(connection);
  });
  provide(key, feed);
  return feed.value;
}

/** Whether the feed could not be loaded, and how to try again. */
export function useStatusFeedLoad(): LoadedLater<StatusFeed> {
  const feed = inject(key);
  if (!feed) throw new Error('useStatusFeed was called outside of the chat shell, which provides it.');
  return feed;
}

export function useStatusFeed(): Readonly<ShallowRef<StatusFeed | null>> {
  return useStatusFeedLoad().value;
}
