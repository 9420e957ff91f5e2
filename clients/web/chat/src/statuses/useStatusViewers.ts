import type { StatusViewers } from '@chat/sdk';
import { computed, ref, shallowRef, watch } from 'vue';
import type { StatusFeed } from './statusFeed';

type Viewer = StatusViewers['viewers'][number];

/** Who has looked at one of one's own, the last one first, page after page; asked again from the beginning when somebody looks. */
export function useStatusViewers({ statuses, looks }: Pick<StatusFeed, 'statuses' | 'looks'>, statusId: number) {
  const viewers = shallowRef<readonly Viewer[]>([]);
  const total = ref(0);
  const cursor = ref<string | null>(null);
  const state = ref<'loading' | 'done' | 'failed'>('loading');
  let turn = 0;

  async function load(from: string | null): Promise<void> {
    turn += 1;
    const mine = turn;
    if (viewers.value.length === 0 || from !== null) state.value = 'loading';
    try {
      const page = await statuses.viewers(statusId, { limit: 50, ...(from !== null && { cursor: from }) });
      if (mine !== turn) return;
      const before = from === null ? [] : viewers.value;
      const known = new Set(before.map(({ principalId }) => principalId));
      viewers.value = [...before, ...page.viewers.filter(({ principalId }) => !known.has(principalId))];
      total.value = page.total;
      cursor.value = page.nextCursor;
      state.value = 'done';
    } catch {
      if (mine === turn) state.value = 'failed'; // said where the list would stand, with a button to try again
    }
  }

  watch(looks, () => void load(null));
  void load(null);
  return { viewers, total, state, hasMore: computed(() => cursor.value !== null), more: () => load(cursor.value) };
}
