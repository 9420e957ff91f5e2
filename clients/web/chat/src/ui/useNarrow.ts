import { onScopeDispose, type Ref, ref } from 'vue';

/** True below the `md` breakpoint, where the page has one column. */
export function useNarrow(): Readonly<Ref<boolean>> {
  const wide = matchMedia('(min-width: 48rem)');
  const narrow = ref(!wide.matches);
  const update = () => (narrow.value = !wide.matches);
  wide.addEventListener('change', update);
  onScopeDispose(() => wide.removeEventListener('change', update));
  return narrow;
}
