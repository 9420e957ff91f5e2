import { onScopeDispose, type Ref, ref } from 'vue';

/** True while the page is seen and has the focus: only then does a shown message count as read. */
export function usePageAttention(): Ref<boolean> {
  const present = () => document.visibilityState === 'visible' && document.hasFocus();
  const attention = ref(present());
  const update = () => (attention.value = present());
  addEventListener('focus', update);
  addEventListener('blur', update);
  document.addEventListener('visibilitychange', update);
  onScopeDispose(() => {
    removeEventListener('focus', update);
    removeEventListener('blur', update);
    document.removeEventListener('visibilitychange', update);
  });
  return attention;
}
