import { computed, onScopeDispose, ref, shallowRef } from 'vue';

/** A list that comes page after page; what comes of a page `join` says, of what is held and the page. `refresh` begins anew, and keeps what is held until then. */
export function usePages<T, Page extends { readonly nextCursor: string | null }>(
  ask: (from: { readonly cursor?: string }) => Promise<Page>,
  join: (held: readonly T[], page: Page) => readonly T[],
) {
  const items = shallowRef<readonly T[]>([]);
  const cursor = shallowRef<string | null>(null);
  const state = ref<'loading' | 'done' | 'failed'>('loading');
  let failedFrom: string | null = null; // what `more` asks for again
  let turn = 0; // what was asked for before is not taken

  async function load(from: string | null): Promise<void> {
    turn += 1;
    const mine = turn;
    if (items.value.length === 0 || from !== null || state.value === 'failed') state.value = 'loading';
    try {
      const page = await ask(from === null ? {} : { cursor: from });
      if (mine !== turn) return;
      items.value = join(from === null ? [] : items.value, page);
      cursor.value = page.nextCursor;
      state.value = 'done';
    } catch {
      if (mine !== turn) return;
      failedFrom = from;
      state.value = 'failed'; // said where the list would stand, with a button to try again
    }
  }

  onScopeDispose(() => {
    turn += 1;
  });
  void load(null);
  return {
    items,
    state,
    hasMore: computed(() => cursor.value !== null),
    refresh: () => load(null),
    /** The next page, or the one that failed. */
    async more(): Promise<void> {
      if (state.value === 'failed') await load(failedFrom);
      else if (state.value === 'done' && cursor.value !== null) await load(cursor.value);
    },
  };
}
