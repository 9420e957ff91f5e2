import { onScopeDispose, type Ref, readonly, ref } from 'vue';

const now = ref(Date.now());
let users = 0;
let timer: ReturnType<typeof setInterval> | undefined;

/** The present time as a ref that ticks every 30 s: one timer for the page, only while something shows a time. */
export function useNow(): Readonly<Ref<number>> {
  if (users === 0) now.value = Date.now(); // while it ticks it is left alone: all that show a time would look again for each that comes
  users += 1;
  timer ??= setInterval(() => (now.value = Date.now()), 30_000);
  onScopeDispose(() => {
    users -= 1;
    if (users > 0) return;
    clearInterval(timer);
    timer = undefined;
  });
  return readonly(now);
}
