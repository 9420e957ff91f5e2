import type { StatusViewers } from '@chat/sdk';
import { ref, watch } from 'vue';
import { usePages } from '../ui/usePages';
import type { StatusFeed } from './statusFeed';

type Viewer = StatusViewers['viewers'][number];

/** Who has looked at one of one's own, the last one first, page after page; asked again from the beginning when somebody looks. */
export function useStatusViewers({ statuses, looks }: Pick<StatusFeed, 'statuses' | 'looks'>, statusId: number) {
  const total = ref(0);
  const { items, refresh, ...pages } = usePages(
    (from) => statuses.viewers(statusId, { limit: 50, ...from }),
    (held: readonly Viewer[], page) => {
      total.value = page.total;
      const known = new Set(held.map(({ principalId }) => principalId));
      return [...held, ...page.viewers.filter(({ principalId }) => !known.has(principalId))];
    },
  );
  watch(looks, () => void refresh());
  return { viewers: items, total, ...pages };
}
