import { computed, onScopeDispose, type Ref, ref } from 'vue';
import { durationText } from '../media/sizes';

/** How long one talks already, as a clock that goes on; empty until somebody is there. */
export function useCallClock(since: Readonly<Ref<number | null>>, running: () => boolean) {
  const now = ref(Date.now());
  const timer = setInterval(() => {
    if (running()) now.value = Date.now();
  }, 500);
  onScopeDispose(() => clearInterval(timer));
  return computed(() => (since.value === null ? '' : durationText(Math.floor(Math.max(0, now.value - since.value) / 1_000) * 1_000)));
}
