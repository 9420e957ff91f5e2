import { nextTick, onMounted, type Ref, watch } from 'vue';

/** Keeps a text field as high as its text, as far as its style lets it. */
export function useTextHeight(text: Readonly<Ref<string>>, input: Readonly<Ref<HTMLTextAreaElement | null>>): void {
  function fit(): void {
    const box = input.value;
    if (!box) return;
    box.style.height = 'auto';
    box.style.height = `${box.scrollHeight}px`;
  }
  watch(text, () => nextTick(fit));
  onMounted(fit);
}
