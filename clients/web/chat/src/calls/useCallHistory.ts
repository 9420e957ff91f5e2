import type { CallRecord, Calls } from '@chat/sdk';
import { ref, watch } from 'vue';
import { usePages } from '../ui/usePages';

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
  const { items, refresh, ...pages } = usePages(
    (from) => calls.history({ ...(filter.value !== 'all' && { direction: filter.value }), limit: 50, ...from }),
    (held: readonly CallRecord[], page) => [...held, ...page.calls],
  );
  watch(filter, () => {
    items.value = [];
    void refresh();
  });
  watch(changes, () => void refresh());
  return { filter, list: items, refresh, ...pages };
}
