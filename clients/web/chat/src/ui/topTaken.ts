import { computed, onScopeDispose, ref } from 'vue';

const layers = ref(0);

/**
 * A layer has its buttons at the top of the page: toasts stand below them. Not by `:has()` of the body, for which the browser would look
 * through the whole page whenever a row of any list comes or goes.
 */
export const topTaken = computed(() => layers.value > 0);

/** Until the scope ends. */
export function takeTop(): void {
  layers.value += 1;
  onScopeDispose(() => {
    layers.value -= 1;
  });
}
