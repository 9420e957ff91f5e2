/** A finger must go this far to the side, and mostly to the side. */
const LeastPx = 60;

/** Tells a stroke of one finger: 1 towards what stands on the right (the finger goes left), -1 towards what stands on the left. */
export function useSwipe(onSwipe: (towards: 1 | -1) => void): { start: (event: TouchEvent) => void; end: (event: TouchEvent) => void } {
  let from: { x: number; y: number } | null = null;
  return {
    start: (event) => {
      const touch = event.touches[0];
      const film = (event.target as Element).tagName === 'VIDEO'; // a finger on it goes along its own controls
      from = touch && event.touches.length === 1 && !film ? { x: touch.clientX, y: touch.clientY } : null;
    },
    end: (event) => {
      const touch = event.changedTouches[0];
      if (!from || !touch) return;
      const x = touch.clientX - from.x;
      const y = touch.clientY - from.y;
      from = null;
      if (Math.abs(x) >= LeastPx && Math.abs(x) > 2 * Math.abs(y)) onSwipe(x < 0 ? 1 : -1);
    },
  };
}
