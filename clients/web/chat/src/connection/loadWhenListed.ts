import { getCurrentScope, onScopeDispose, type Ref, ref, type ShallowRef, shallowRef, watch } from 'vue';

export interface LoadedLater<T> {
  /** Null until it is there. */
  readonly value: Readonly<ShallowRef<T | null>>;
  /** It could not be loaded; it is tried again when the network is back, or by `retry`. */
  readonly failed: Readonly<Ref<boolean>>;
  retry(): void;
}

/** Loads code when the chats are there, and makes what is wanted of it in the scope of the caller. */
export function loadWhenListed<T>(isListed: Readonly<Ref<boolean>>, load: () => Promise<() => T>): LoadedLater<T> {
  const value = shallowRef<T | null>(null);
  const failed = ref(false);
  const scope = getCurrentScope();
  let left = false;
  let isLoading = false;

  async function attempt(): Promise<void> {
    if (!isListed.value || value.value !== null || isLoading) return;
    isLoading = true;
    failed.value = false;
    try {
      const make = await load();
      if (!left) value.value = scope?.run(make) ?? null;
    } catch {
      failed.value = true; // said where it is missing, with a button to try again
    } finally {
      isLoading = false;
    }
  }

  const retry = () => void attempt();
  watch(isListed, retry, { immediate: true });
  addEventListener('online', retry);
  onScopeDispose(() => {
    left = true;
    removeEventListener('online', retry);
  });
  return { value, failed, retry };
}
