import type { ChatClient, StarredPage } from '@chat/sdk';
import { computed, onScopeDispose, ref, shallowRef } from 'vue';

type StarredMessage = StarredPage['messages'][number];

/** One's starred messages, the one starred last first, page after page; what loses its star meanwhile goes. */
export function useStarredList(client: Pick<ChatClient, 'on' | 'starred'>) {
  const messages = shallowRef<readonly StarredMessage[]>([]);
  const state = ref<'loading' | 'done' | 'failed'>('loading');
  const cursor = shallowRef<string | null>(null);
  const gone = new Set<string>(); // in case a page on its way still has it
  const keyOf = ({ chatId, sequence }: { readonly chatId: number; readonly sequence: number }) => `${chatId}-${sequence}`;

  async function load(): Promise<void> {
    state.value = 'loading';
    try {
      const page = await client.starred(cursor.value ?? undefined);
      messages.value = [...messages.value, ...page.messages.filter((one) => !gone.has(keyOf(one)))];
      cursor.value = page.nextCursor;
      state.value = 'done';
    } catch {
      state.value = 'failed'; // said where the list would stand, with a button to try again
    }
  }

  const stop = client.on('starred', (star) => {
    if (star.starred) return void gone.delete(keyOf(star));
    gone.add(keyOf(star));
    messages.value = messages.value.filter((one) => keyOf(one) !== keyOf(star));
  });
  onScopeDispose(stop);
  void load();
  return {
    messages,
    state,
    hasMore: computed(() => cursor.value !== null),
    /** The next page, or the one that failed. */
    async more(): Promise<void> {
      if (state.value === 'failed' || (state.value === 'done' && cursor.value !== null)) await load();
    },
  };
}
