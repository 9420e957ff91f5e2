import {
  computed,
  getCurrentInstance,
  getCurrentScope,
  type MaybeRefOrGetter,
  onMounted,
  onScopeDispose,
  type Ref,
  type ShallowRef,
  shallowRef,
  toValue,
  watch,
} from 'vue';
import type { Store } from '../bindings/store.js';

/** The store of the present key, and its value. */
export interface Followed<T, S extends Store<T>> {
  readonly store: Readonly<Ref<S>>;
  readonly value: Readonly<ShallowRef<T>>;
}

/** Follows a store as long as the component or effect scope lives. In a component from its mounting on: a server renders, and lets nothing go. */
export function follow<K, T, S extends Store<T>>(key: MaybeRefOrGetter<K>, make: (key: K) => S & Store<T>): Followed<T, S> {
  if (getCurrentScope() === undefined) throw new Error('Call this in setup() or in an effect scope: elsewhere it would never end.');
  const present = computed(() => toValue(key));
  const store = computed(() => make(present.value)); // made anew for another key alone, whatever a getter looks at beside it
  const value: ShallowRef<T> = shallowRef(store.value.snapshot());
  let stop: (() => void) | null = null;

  function take(): void {
    value.value = store.value.snapshot();
  }

  function listen(): void {
    stop?.();
    stop = store.value.subscribe(take);
    take();
  }

  watch(store, () => (stop === null ? take() : listen()), { flush: 'sync' });
  onScopeDispose(() => stop?.());
  if (getCurrentInstance() === null) listen();
  else onMounted(listen);
  return { store, value };
}
