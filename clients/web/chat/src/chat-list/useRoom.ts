import { onScopeDispose, type Ref, ref, watch } from 'vue';

const StepRows = 60;

/**
 * How many rows of a long list are drawn: some at first, more whenever its end comes near the part that is seen, and as many as it takes to
 * reach a row that must be there. A row costs a millisecond or two, so that two thousand at once would hold the page up for seconds.
 * @param end Stands behind the last row.
 * @param needed Index of the row that must be there, −1 for none.
 */
export function useRoom(end: Readonly<Ref<Element | null>>, needed: () => number): Readonly<Ref<number>> {
  const room = ref(StepRows);
  const observer = new IntersectionObserver(
    (entries) => {
      if (entries.some(({ isIntersecting }) => isIntersecting)) room.value += StepRows;
    },
    { rootMargin: '1200px' },
  );
  watch(
    [end, room],
    ([now]) => {
      observer.disconnect(); // an end that has come no further than the margin is told of anew
      if (now) observer.observe(now);
    },
    { immediate: true, flush: 'post' },
  );
  watch(
    needed,
    (index) => {
      if (index >= room.value) room.value = index + StepRows;
    },
    { immediate: true },
  );
  onScopeDispose(() => observer.disconnect());
  return room;
}
