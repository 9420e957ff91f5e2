import { type Ref, ref, watch } from 'vue';

const StorageKey = 'chat.singleKeys';
/** Whether a sign alone, such as `/`, does something where nobody writes (WCAG 2.1.4). */
const singleKeys = ref(load());
watch(singleKeys, keep, { flush: 'sync' });

function load(): boolean {
  try {
    return localStorage.getItem(StorageKey) !== 'off';
  } catch {
    return true; // storage may be forbidden; the switch then lasts as long as the page
  }
}

function keep(on: boolean): void {
  try {
    if (on) localStorage.removeItem(StorageKey);
    else localStorage.setItem(StorageKey, 'off');
  } catch {
    // Storage may be forbidden; the choice is then not remembered.
  }
}

export function useSingleKeys(): Ref<boolean> {
  return singleKeys;
}
