import { type Ref, readonly, ref } from 'vue';
import { speak } from '.';
import { type Language, languageOf, languages, tagFor } from './languages';

const StorageKey = 'chat.language'; // public/locale.js reads the same key before the first paint
const chosen = ref<Language | null>(load());

function load(): Language | null {
  try {
    const stored = localStorage.getItem(StorageKey) ?? '';
    return languageOf(stored) === stored ? stored : null;
  } catch {
    return null; // storage may be forbidden; the choice then lasts as long as the page
  }
}

/** Null is what the browser asks for. The last choice counts. Throws, with nothing changed, if the words do not come. */
async function choose(next: Language | null): Promise<void> {
  const tag = tagFor(next, navigator.languages);
  if (!(await speak(tag))) return;
  chosen.value = next;
  document.documentElement.lang = tag;
  document.documentElement.dir = languages[languageOf(tag)].dir;
  try {
    if (next === null) localStorage.removeItem(StorageKey);
    else localStorage.setItem(StorageKey, next);
  } catch {
    // Storage may be forbidden; the choice is then not remembered.
  }
}

export function useLanguage(): { chosen: Readonly<Ref<Language | null>>; choose: (next: Language | null) => Promise<void> } {
  return { chosen: readonly(chosen), choose };
}
