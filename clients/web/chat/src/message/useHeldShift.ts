import { type Ref, ref, watch } from 'vue';
import { distanceFromEnd, type ScrollBox } from './scrollPosition';

/** More than this is not kept back: the scroll bar would tell too little of where one is. */
const MostPx = 1_000;
/** So near to an end of the list it must stand as it is. */
const ClearPx = 600;

/**
 * Rows above the view turn out to be of another height than was guessed. To move all below them, and the view along, shows the same picture,
 * but the browser paints all of it anew: in each frame while one scrolls back. So the difference is kept back as long as the list moves: the
 * new rows grow upwards, what is seen stays where it is, and the list is set right when it stands still, or an end of it comes near.
 */
export function useHeldShift(box: Readonly<Ref<HTMLElement | null>>) {
  /** Pixels by which rows stand higher than they will, and the view with them. */
  const held = ref(0);
  let taken = 0; // held from the next rendering on
  const due = ref(0); // of what was held: the view is to move by it when the rows have

  watch(
    due,
    (px) => {
      if (px !== 0 && box.value) box.value.scrollTop += px;
      due.value = 0;
    },
    { flush: 'post' },
  );

  function release(): boolean {
    if (held.value === 0) return false;
    due.value += held.value;
    held.value = 0;
    return true;
  }

  return {
    held,
    /** From where the box is scrolled to now to where that is in the list as it will stand. */
    lag: () => held.value + due.value,
    release,
    /** Keeps a difference back; false if it must be shown at once. `offset` and `below` tell where the view is in the list as it will stand. */
    take(delta: number, offset: number, below: number): boolean {
      const next = held.value + taken + delta;
      if (Math.abs(next) > MostPx || Math.min(offset, offset - next) < ClearPx || below < ClearPx) return false;
      taken += delta;
      return true;
    },
    /** What was taken since the last time counts from now on. */
    noteTaken(): number {
      const now = taken;
      taken = 0;
      held.value += now;
      return now;
    },
    /** An end comes near: of the box, or of the list as it will stand, in which there are places that the box does not have, and the other way round. */
    noteScroll(at: ScrollBox): void {
      if (Math.min(at.scrollTop, at.scrollTop + held.value) < ClearPx || distanceFromEnd(at) < ClearPx) release();
    },
  };
}
