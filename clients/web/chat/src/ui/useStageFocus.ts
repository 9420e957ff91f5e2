import type { Ref } from 'vue';
import { openerOf } from './opener';

/** For a layer over the whole page: its stage has the focus when it opens, and what opened it when it closes; if that is gone, `instead`. */
export function useStageFocus(stage: Readonly<Ref<HTMLElement | null>>, instead: () => HTMLElement | null = () => null) {
  const opener = openerOf(document.activeElement);
  return {
    focusStage(event: Event): void {
      event.preventDefault();
      stage.value?.focus();
    },
    restoreFocus(event: Event): void {
      event.preventDefault();
      (opener?.isConnected ? opener : instead())?.focus();
    },
  };
}
