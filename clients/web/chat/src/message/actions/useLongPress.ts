export const LongPressMs = 450;
const MovedPx = 10;

/** A finger that rests opens what a right click does; `open` says whether there was something to open. `end` it when what it is on goes away. */
export function useLongPress(open: (event: PointerEvent) => boolean) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let from = { x: 0, y: 0 };
  let opened = false;
  const end = () => clearTimeout(timer);
  return {
    start(event: PointerEvent): void {
      end();
      opened = false;
      if (event.pointerType !== 'touch' || !event.isPrimary) return;
      from = { x: event.clientX, y: event.clientY };
      timer = setTimeout(() => {
        opened = open(event);
      }, LongPressMs);
    },
    move(event: PointerEvent): void {
      if (Math.hypot(event.clientX - from.x, event.clientY - from.y) > MovedPx) end();
    },
    end,
    /** The finger leaves: no click, which would take the focus from what it opened and so close it. */
    lift(event: TouchEvent): void {
      if (opened && event.cancelable) event.preventDefault();
      opened = false;
    },
  };
}
