import { defaultRangeExtractor, elementScroll, observeElementOffset, observeElementRect, Virtualizer } from '@tanstack/vue-virtual';
import { computed, nextTick, onMounted, onScopeDispose, onUpdated, type Ref, ref, shallowRef, watch } from 'vue';
import { hasAnotherTop, type MessageRow } from './rows';
import { anchorShift, EndThresholdPx, isAtEnd } from './scrollPosition';
import { settled } from './settled';
import { useHeldShift } from './useHeldShift';
import { useRowGuess } from './useRowGuess';

/**
 * Renders only the rows near the view, and keeps the reader's place: rows added above never move what is seen,
 * rows added below are followed only by a reader who is at the end.
 * @param pinned Key of a row that stays rendered wherever the view is: the one that has the focus.
 * @param scrolled Called when the view has moved, and `fromTop` tells where to.
 */
export function useMessageScroll(
  box: Ref<HTMLElement | null>,
  rows: Ref<readonly MessageRow[]>,
  pinned: Ref<string | null>,
  isGroup: () => boolean,
  scrolled: () => void,
) {
  const turn = shallowRef(0);
  const atEnd = ref(true);
  const shift = useHeldShift(box);
  const guess = useRowGuess(box, isGroup);
  const virtualizer: Virtualizer<HTMLElement, HTMLElement> = new Virtualizer<HTMLElement, HTMLElement>(optionsFor(rows.value));
  const unmount = virtualizer._didMount();
  const totalSize = computed(() => (turn.value, virtualizer.getTotalSize() - shift.held.value));
  /** The first row of before, where it loses its name or gets a day when older ones come: its bubble stays where it is. */
  let retopped: unknown = null;
  // What changes above the view moves it along, also while one scrolls back, where the library leaves it.
  // A row that reaches into the view moves it where its top changes: by its first measure, and by what it loses there.
  virtualizer.shouldAdjustScrollPositionOnItemSizeChange = (
    { key, start, end },
    delta,
    { itemSizeCache, scrollOffset, isScrolling, scrollRect },
  ) => {
    const offset = scrollOffset ?? 0;
    const isAbove = itemSizeCache.has(key) && key !== retopped ? end <= offset : start < offset;
    if (key === retopped) retopped = null;
    if (!isAbove || !isScrolling) return isAbove;
    const below = virtualizer.getTotalSize() - offset - (scrollRect?.height ?? 0);
    return !shift.take(delta, offset, below); // what is held back moves nothing now
  };
  let resizes: ResizeObserver | undefined;

  function optionsFor(held: readonly MessageRow[]) {
    return {
      count: held.length,
      getScrollElement: () => box.value,
      getItemKey: (index: number) => held[index]?.key ?? index,
      estimateSize: (index: number) => (held[index] ? guess(held[index], virtualizer.scrollRect?.width ?? 800) : 0),
      observeElementRect,
      // The library thinks of the list as it will stand when nothing is held back any more.
      observeElementOffset: (...[list, tell]: Parameters<typeof observeElementOffset<HTMLElement>>) =>
        observeElementOffset(list, (offset, isScrolling) => {
          tell(offset + shift.lag(), isScrolling);
          if (isScrolling) scrolled();
        }),
      scrollToFn: (...[offset, how, list]: Parameters<typeof elementScroll<HTMLElement>>) => elementScroll(offset - shift.lag(), how, list),
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
        const taken = shift.noteTaken();
        if (taken !== 0) virtualizer.scrollOffset = (virtualizer.scrollOffset ?? 0) + taken;
        if (!virtualizer.isScrolling) shift.release();
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
      const first = prepended ? before[0] : undefined;
      // Where it is the reader's place, its bubble's own place is restored as it is.
      if (first) retopped = first.key !== place?.key && hasAnotherTop(first, next) ? first.key : null;
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

  /** All that were drawn at once: to ask for the height of each as it comes would lay all of them out for each. */
  const drawn: HTMLElement[] = [];
  function measureDrawn(): void {
    for (const element of drawn.splice(0)) virtualizer.measureElement(element);
  }
  onMounted(measureDrawn);
  onUpdated(measureDrawn);

  onScopeDispose(() => {
    resizes?.disconnect();
    unmount();
  });

  /** The library leads to places of the list as it stands when nothing is held back. */
  function lead(scroll: () => void): void {
    if (shift.release()) void nextTick(scroll);
    else scroll();
  }

  return {
    atEnd,
    visible: computed(() => {
      void turn.value;
      const held = shift.held.value;
      return virtualizer.getVirtualItems().map(({ key, index, start }) => ({ key, index, start: start - held }));
    }),
    totalSize,
    measure: (element: unknown) => {
      if (element instanceof HTMLElement) drawn.push(element);
    },
    noteScroll: () => {
      if (!box.value) return;
      atEnd.value = isAtEnd(box.value);
      shift.noteScroll(box.value);
    },
    /** Pixels above the view in the list as it will stand: where the box is scrolled to may say less, and does while it moves by itself. */
    fromTop: () => virtualizer.scrollOffset ?? 0,
    toEnd: () => lead(() => virtualizer.scrollToEnd()),
    toIndex: (index: number, align: 'start' | 'center' | 'auto') => lead(() => virtualizer.scrollToIndex(index, { align })),
  };
}
