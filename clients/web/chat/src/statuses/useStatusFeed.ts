import { getCurrentScope, type InjectionKey, inject, onScopeDispose, provide, type ShallowRef, shallowRef, watch } from 'vue';
import type { Connection } from '../connection/useConnection';
import type { StatusFeed } from './statusFeed';

const key: InjectionKey<Readonly<ShallowRef<StatusFeed | null>>> = Symbol('status feed');

/** Has the statuses followed from when the chats are there: what they need is loaded after them. Null until then. */
export function provideStatusFeed(connection: Connection): Readonly<ShallowRef<StatusFeed | null>> {
  const feed = shallowRef<StatusFeed | null>(null);
  const scope = getCurrentScope();
  let left = false;
  onScopeDispose(() => {
    left = true;
  });
  watch(
    connection.isListed,
    async (listed) => {
      if (!listed || feed.value) return;
      const { createStatusFeed } = await import('./statusFeed');
      if (!left) feed.value = scope?.run(() => createStatusFeed(connection)) ?? null;
    },
    { immediate: true },
  );
  provide(key, feed);
  return feed;
}

export function useStatusFeed(): Readonly<ShallowRef<StatusFeed | null>> {
  const feed = inject(key);
  if (!feed) throw new Error('useStatusFeed was called outside of the chat shell, which provides it.');
  return feed;
}
