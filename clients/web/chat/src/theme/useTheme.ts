import { type Ref, readonly, ref } from 'vue';

export type Theme = 'system' | 'light' | 'dark';

const StorageKey = 'chat.theme'; // public/theme.js reads the same key before the first paint
const theme = ref<Theme>(load());

function load(): Theme {
  try {
    const stored = localStorage.getItem(StorageKey);
    return stored === 'light' || stored === 'dark' ? stored : 'system';
  } catch {
    return 'system'; // storage may be forbidden; the switch then lasts as long as the page
  }
}

function choose(next: Theme): void {
  theme.value = next;
  if (next === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = next;
  try {
    if (next === 'system') localStorage.removeItem(StorageKey);
    else localStorage.setItem(StorageKey, next);
  } catch {
    // Storage may be forbidden; the choice is then not remembered.
  }
}

export function useTheme(): { theme: Readonly<Ref<Theme>>; choose: (next: Theme) => void } {
  return { theme: readonly(theme), choose };
}
