import { onScopeDispose } from 'vue';

/** A press that is longer than a tap. */
export const HeldMs = 250;

/** Tells while the primary pointer rests on something, and afterwards whether the click that follows belongs to that. */
export function useHeldPointer(onHold: (on: boolean) => void) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let holds = false;
  let held = false;

  function end(): void {
    clearTimeout(timer);
    if (holds) onHold(false);
    holds = false;
  }
  onScopeDispose(end);

  return {
    start(event: PointerEvent): void {
      if (!event.isPrimary || event.button !== 0) return;
      end();
      held = false;
      timer = setTimeout(() => {
        holds = true;
        held = true;
        onHold(true);
      }, HeldMs);
    },
    end,
    wasHeld: () => held,
  };
}
