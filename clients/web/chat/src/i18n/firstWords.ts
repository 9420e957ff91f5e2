import { speak } from '.';
import { type Language, languageOf } from './languages';

/** Of all that the page says, these are there when nothing else comes. */
const lines: { readonly [Name in Language]: readonly [text: string, reload: string] } = {
  en: ['The page could not be loaded.', 'Reload'],
  ar: ['تعذّر تحميل الصفحة.', 'إعادة التحميل'],
  ja: ['ページを読み込めませんでした。', '再読み込み'],
};

/** Has the page speak for the first time: English where the words of a language do not come. False where none do, which `place` then says. */
export async function firstWords(tag: string, place: HTMLElement, reload: () => void): Promise<boolean> {
  try {
    await speak(tag);
    return true;
  } catch {
    // told below, in the one way or the other
  }
  try {
    await speak('en');
    Object.assign(document.documentElement, { lang: 'en', dir: 'ltr' });
    return true;
  } catch {
    const [text, name] = lines[languageOf(tag)];
    const line = Object.assign(document.createElement('p'), { role: 'alert', textContent: `${text} ` });
    line.append(Object.assign(document.createElement('button'), { type: 'button', textContent: name, onclick: reload }));
    place.replaceChildren(line);
    return false;
  }
}
