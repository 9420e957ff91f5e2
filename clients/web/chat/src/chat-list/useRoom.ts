import { onScopeDispose, type Ref, ref, watch } from 'vue';

/** A screen is full of these. */
const FirstRows = 24;
/** Drawn in one frame. */
const StepRows = 6;

/**
 * How many rows of a long list are drawn: some at first, some more a frame as long as its end is near the part that is seen, and as many as
 * it takes to reach a row that must be there. A row costs a millisecond or two: two thousand at once would hold the page up for seconds, and
 * sixty for some frames.
 * @param end Stands behind the last row.
 * @param needed Index of the row that must be there, −1 for none.
 */
export function useRoom(end: Readonly<Ref<Element | null>>, needed: () => number): Readonly<Ref<number>> {
  const room = ref(FirstRows);
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
      if (index >= room.value) room.value = index + FirstRows;
    },
    { immediate: true },
  );
  onScopeDispose(() => observer.disconnect());
  return room;
}
