import { ref } from 'vue';

/** Things that a person asks for, one at a time. `error` says why the last one was not done. */
export function useAttempt(textOf: (fault: unknown) => string) {
  const busy = ref(false);
  const error = ref('');

  /** True when it was done. */
  async function attempt(work: () => Promise<void>): Promise<boolean> {
    if (busy.value) return false;
    busy.value = true;
    error.value = '';
    try {
      await work();
      return true;
    } catch (fault) {
      error.value = textOf(fault);
      return false;
    } finally {
      busy.value = false;
    }
  }
  return { busy, error, attempt };
}
