import type { FoundMessage, Search } from '@chat/sdk';
import { computed, onScopeDispose, type Ref, ref, shallowRef, watch } from 'vue';

/** A search waits for a pause of the one who types. */
export const PauseMs = 300;
/** One letter finds everything, and so nothing. */
export const LeastLetters = 2;
const PageSize = 20;
/** Pages may be short, or empty, though there are more: that many are asked for in one go. */
const MostEmptyPages = 5;

/** Messages that a text finds in one chat or in all, newest first, page after page. */
export function useMessageSearch(query: Readonly<Ref<string>>, search: Search, chatId?: number) {
  const where = chatId === undefined ? {} : { chatId };
  const messages = shallowRef<readonly FoundMessage[]>([]);
  const state = ref<'idle' | 'searching' | 'done' | 'failed'>('idle');
  const cursor = shallowRef<string | null>(null);
  const text = computed(() => query.value.trim());
  let turn = 0; // what was asked for another text is not taken
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function ask(mine: number): Promise<void> {
    state.value = 'searching';
    try {
      for (let empty = 0; empty < MostEmptyPages; empty++) {
        const from = cursor.value === null ? {} : { cursor: cursor.value };
        const page = await search.messages({ text: text.value, limit: PageSize, ...where, ...from });
        if (mine !== turn) return;
        messages.value = [...messages.value, ...page.messages];
        cursor.value = page.nextCursor;
        if (page.messages.length > 0 || page.nextCursor === null) break;
      }
      state.value = 'done';
    } catch {
      if (mine === turn) state.value = 'failed'; // said where the results would stand, with a button to try again
    }
  }

  watch(
    text,
    (now) => {
      clearTimeout(timer);
      const mine = ++turn;
      messages.value = [];
      cursor.value = null;
      state.value = [...now].length < LeastLetters ? 'idle' : 'searching';
      if (state.value === 'searching') timer = setTimeout(() => void ask(mine), PauseMs);
    },
    { immediate: true },
  );
  onScopeDispose(() => {
    turn += 1;
    clearTimeout(timer);
  });

  return {
    messages,
    state,
    hasMore: computed(() => cursor.value !== null),
    /** The next page, or the one that failed. */
    async more(): Promise<void> {
      if (state.value === 'failed' || (state.value === 'done' && cursor.value !== null)) await ask(turn);
    },
  };
}
