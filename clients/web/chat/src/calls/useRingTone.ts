import { onScopeDispose, type Ref, watch } from 'vue';
import { playTone } from './ringTone';

/** Rings while there is something to ring for. */
export function useRingTone(wanted: Readonly<Ref<'incoming' | 'outgoing' | null>>): void {
  let stop: (() => void) | null = null;
  const silence = () => {
    stop?.();
    stop = null;
  };
  watch(
    wanted,
    (name) => {
      silence();
      if (name !== null && typeof AudioContext !== 'undefined') stop = playTone(name);
    },
    { immediate: true },
  );
  onScopeDispose(silence);
}
