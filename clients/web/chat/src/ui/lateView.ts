import { type Component, defineAsyncComponent, defineComponent, h, shallowRef } from 'vue';
import LateView from './LateView.vue';

/** A part of the page whose code comes when it is wanted. If it does not, that is said in its place, with a button to try again. */
export function lateView(load: () => Promise<Component | { default: Component }>): Component {
  const again = shallowRef<(() => void) | null>(null);
  const retry = () => {
    again.value?.();
    again.value = null;
  };
  return defineAsyncComponent({
    loader: load as () => Promise<Component>,
    delay: 0,
    loadingComponent: defineComponent(() => () => h(LateView, { failed: again.value !== null, onRetry: retry })),
    onError: (_fault, retryNow) => {
      again.value = retryNow;
    },
  });
}
