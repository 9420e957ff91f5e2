import type { Notice, NoticePage } from '@chat/sdk';
import { computed, type Ref, ref, watch } from 'vue';
import { dayKey } from '../i18n/time';
import { usePages } from '../ui/usePages';
import type { NoticeBook } from './noticeBook';
import { noticeKey } from './noticeText';

/** Those of one day, the newest first. */
export interface NoticeDay {
  readonly key: string;
  readonly at: number;
  readonly notices: readonly Notice[];
}

/**
 * The list of what happened, by days, page after page. While somebody looks at it, what is shown is read, on all devices; it stays marked as new
 * until they look away.
 */
export function useNoticeList(book: Pick<NoticeBook, 'list' | 'read' | 'changes' | 'readUpTo'>, isLookedAt: Readonly<Ref<boolean>>) {
  const { items, state, ...pages } = usePages(
    (from) => book.list(from),
    (held: readonly Notice[], page: NoticePage) => joined(held, page.notices),
  );
  const fresh = ref<ReadonlySet<string>>(new Set());
  watch(book.changes, () => void pages.refresh());
  watch(
    [items, isLookedAt],
    async () => {
      if (!isLookedAt.value) {
        fresh.value = new Set();
        return;
      }
      const unread = items.value.filter((notice) => !notice.read && Date.parse(notice.at) > book.readUpTo.value);
      const newest = unread[0];
      if (!newest) return;
      fresh.value = new Set([...fresh.value, ...unread.map(({ id }) => id)]);
      await book.read(newest.at).catch(() => undefined); // the next one that is shown reads these, too
    },
    { immediate: true },
  );
  const days = computed(() => {
    const found: { key: string; at: number; notices: Notice[] }[] = [];
    for (const notice of items.value) {
      if (noticeKey(notice) === null) continue;
      const at = Date.parse(notice.at);
      const key = dayKey(at);
      const day = found.at(-1);
      if (day?.key === key) day.notices.push(notice);
      else found.push({ key, at, notices: [notice] });
    }
    return found as readonly NoticeDay[];
  });
  return {
    days,
    state,
    ...pages,
    isNew: (notice: Notice): boolean => fresh.value.has(notice.id) || (!notice.read && Date.parse(notice.at) > book.readUpTo.value),
  };
}

/** What came meanwhile moves no page, but the same thing may have happened again, and be newer. */
function joined(held: readonly Notice[], more: readonly Notice[]): readonly Notice[] {
  const known = new Set(held.map(({ id }) => id));
  return [...held, ...more.filter(({ id }) => !known.has(id))];
}
