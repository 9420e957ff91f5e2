import { onScopeDispose, type Ref, ref, watch } from 'vue';

/** True from when an element has come near the part of the page that is seen: what is far below asks for nothing. */
export function useVisible(element: Readonly<Ref<HTMLElement | null>>): Readonly<Ref<boolean>> {
  const visible = ref(false);
  const observer = new IntersectionObserver(
    (entries) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
      visible.value = true;
      observer.disconnect();
    },
    { rootMargin: '300px' },
  );
  watch(element, (now) => now && !visible.value && observer.observe(now), { immediate: true, flush: 'post' });
  onScopeDispose(() => observer.disconnect());
  return visible;
}
