import type { CallRecord, Calls } from '@chat/sdk';
import { computed, ref, shallowRef, watch } from 'vue';

export const Filters = ['all', 'missed', 'incoming', 'outgoing'] as const;
export type CallFilter = (typeof Filters)[number];
export type CallKindOfEnd = 'incoming' | 'outgoing' | 'missed' | 'declined' | 'unanswered';

/** What a call that is over was for whoever reads the list. */
export function endOf({ outgoing, part, status }: Pick<CallRecord, 'outgoing' | 'part' | 'status'>): CallKindOfEnd {
  if (outgoing) return status === 'missed' || status === 'declined' ? 'unanswered' : 'outgoing';
  if (part === 'declined') return 'declined';
  return part === 'missed' || part === 'busy' ? 'missed' : 'incoming';
}

/** One's calls, the newest first, page after page; `changes` tells when the list is another one. */
export function useCallHistory(calls: Pick<Calls, 'history'>, changes: () => number) {
  const filter = ref<CallFilter>('all');
  const list = shallowRef<readonly CallRecord[]>([]);
  const cursor = ref<string | null>(null);
  const state = ref<'loading' | 'done' | 'failed'>('loading');
  let turn = 0;

  async function load(from: string | null): Promise<void> {
    turn += 1;
    const mine = turn;
    state.value = 'loading';
    const direction = filter.value === 'all' ? {} : { direction: filter.value };
    try {
      const page = await calls.history({ ...direction, limit: 50, ...(from !== null && { cursor: from }) });
      if (mine !== turn) return;
      list.value = [...(from === null ? [] : list.value), ...page.calls];
      cursor.value = page.nextCursor;
      state.value = 'done';
    } catch {
      if (mine === turn) state.value = 'failed'; // said where the list would stand, with a button to try again
    }
  }

  watch(filter, () => {
    list.value = [];
    void load(null);
  });
  watch(changes, () => void load(null));
  void load(null);
  return {
    filter,
    list,
    state,
    hasMore: computed(() => cursor.value !== null),
    refresh: () => load(null),
    /** The next page, or the one that failed. */
    more: () => load(list.value.length === 0 ? null : cursor.value),
  };
}
