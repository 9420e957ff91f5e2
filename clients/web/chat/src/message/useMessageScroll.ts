import { defaultRangeExtractor, elementScroll, observeElementOffset, observeElementRect, Virtualizer } from '@tanstack/vue-virtual';
import { computed, nextTick, onScopeDispose, type Ref, ref, shallowRef, watch } from 'vue';
import { carriedPx } from '../media/sizes';
import type { MessageRow } from './rows';
import { anchorShift, EndThresholdPx, estimateRowPx, isAtEnd } from './scrollPosition';
import { settled } from './settled';

/**
 * Renders only the rows near the view, and keeps the reader's place: rows added above never move what is seen,
 * rows added below are followed only by a reader who is at the end.
 * @param pinned Key of a row that stays rendered wherever the view is: the one that has the focus.
 */
export function useMessageScroll(box: Ref<HTMLElement | null>, rows: Ref<readonly MessageRow[]>, pinned: Ref<string | null>) {
  const turn = shallowRef(0);
  const atEnd = ref(true);
  const virtualizer = new Virtualizer<HTMLElement, HTMLElement>(optionsFor(rows.value));
  const unmount = virtualizer._didMount();
  const totalSize = computed(() => (turn.value, virtualizer.getTotalSize()));
  const measured = new Set<unknown>();
  // What changes above the view moves it along, also while one scrolls back, where the library leaves it: the first row of before
  // loses its name and its day when older ones come. A row that reaches into the view moves it by its first measure alone.
  virtualizer.shouldAdjustScrollPositionOnItemSizeChange = ({ key, start, end }, _delta, { scrollOffset }) =>
    measured.has(key) ? end <= (scrollOffset ?? 0) : start < (scrollOffset ?? 0);
  let resizes: ResizeObserver | undefined;

  function optionsFor(held: readonly MessageRow[]) {
    return {
      count: held.length,
      getScrollElement: () => box.value,
      getItemKey: (index: number) => held[index]?.key ?? index,
      estimateSize: (index: number) => estimate(held[index]),
      observeElementRect,
      observeElementOffset,
      scrollToFn: elementScroll,
      rangeExtractor: (range: Parameters<typeof defaultRangeExtractor>[0]) => withPinned(defaultRangeExtractor(range), held),
      overscan: 10,
      paddingStart: 56,
      paddingEnd: 12,
      scrollPaddingStart: 64,
      scrollPaddingEnd: 12,
      anchorTo: 'end' as const,
      followOnAppend: true,
      scrollEndThreshold: EndThresholdPx,
      onChange: () => {
        turn.value += 1;
      },
    };
  }

  function withPinned(indexes: number[], held: readonly MessageRow[]): number[] {
    const at = pinned.value === null ? -1 : held.findIndex((row) => row.key === pinned.value);
    return at < 0 || indexes.includes(at) ? indexes : [...indexes, at].sort((a, b) => a - b);
  }

  /** Where the first wholly visible bubble stands: the reader's place, whatever chip or name above it comes or goes. */
  function readersPlace(): { key: string; top: number } | null {
    const top = box.value?.getBoundingClientRect().top ?? 0;
    for (const element of box.value?.querySelectorAll<HTMLElement>('[data-anchor]') ?? []) {
      const at = element.getBoundingClientRect().top;
      if (at >= top) return { key: element.dataset['anchor'] ?? '', top: at };
    }
    return null;
  }

  function restorePlace(place: { key: string; top: number }): void {
    const element = box.value?.querySelector(`[data-anchor="${CSS.escape(place.key)}"]`);
    const shift = element ? anchorShift(place.top, element.getBoundingClientRect().top) : 0;
    if (box.value && shift !== 0) box.value.scrollTop += shift;
  }

  let place: ReturnType<typeof readersPlace> = null;
  watch(
    rows,
    (next, before) => {
      const prepended = before.length > 0 && next.length > 0 && next[0]?.key !== before[0]?.key;
      place = prepended ? readersPlace() : null;
      virtualizer.setOptions(optionsFor(next));
      turn.value += 1;
    },
    { flush: 'pre' },
  );
  watch(
    [rows, box],
    async () => {
      virtualizer._willUpdate();
      const kept = place;
      place = null;
      if (!kept) return;
      await nextTick(); // the rows around the new offset are rendered and measured in this flush, before any paint
      restorePlace(kept);
    },
    { flush: 'post', immediate: true },
  );
  watch(
    box,
    (element) => {
      resizes?.disconnect();
      if (!element) return;
      let width = element.clientWidth;
      // The composer grows or the keyboard opens: who was at the end stays there.
      resizes = new ResizeObserver(() => {
        const isReflowed = element.clientWidth !== width;
        width = element.clientWidth;
        if (!atEnd.value) return;
        element.scrollTop = element.scrollHeight;
        if (isReflowed) void stayAtEnd(element);
      });
      resizes.observe(element);
    },
    { flush: 'post' },
  );

  /** A panel opens beside the list, or the window is another: the texts break elsewhere, and rows are measured anew some frames later. */
  let staying = false;
  async function stayAtEnd(element: HTMLElement): Promise<void> {
    if (staying) return;
    staying = true;
    const stop = watch(totalSize, () => (element.scrollTop = element.scrollHeight), { flush: 'post' });
    await settled(() => `${element.scrollTop} ${element.scrollHeight}`);
    stop();
    staying = false;
  }

  onScopeDispose(() => {
    resizes?.disconnect();
    unmount();
  });

  function toEnd(): void {
    virtualizer.scrollToEnd();
  }

  return {
    atEnd,
    visible: computed(() => (turn.value, virtualizer.getVirtualItems())),
    totalSize,
    measure: (element: unknown) => {
      if (!(element instanceof HTMLElement)) return;
      virtualizer.measureElement(element);
      measured.add(element.dataset['row']);
    },
    noteScroll: () => {
      if (box.value) atEnd.value = isAtEnd(box.value);
    },
    toEnd,
    toIndex: (index: number, align: 'start' | 'center' | 'auto') => virtualizer.scrollToIndex(index, { align }),
  };
}

function estimate(row: MessageRow | undefined): number {
  const text = row?.item.text ?? '';
  return estimateRowPx(text.length, text.split('\n').length - 1, {
    chip: row?.startsDay === true || row?.startsUnread === true,
    name: row?.startsGroup === true,
    quote: row?.item.replyTo !== undefined,
    media: row ? carriedPx(row.item) : 0,
  });
}
