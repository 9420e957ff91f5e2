/** The languages of the page, by the names that their speakers call them. `public/locale.js` knows the same ones before the first paint. */
export const languages = {
  en: { name: 'English', dir: 'ltr' },
  ar: { name: 'العربية', dir: 'rtl' },
  ja: { name: '日本語', dir: 'ltr' },
} as const;

export type Language = keyof typeof languages;

const isLanguage = (word: string): word is Language => Object.hasOwn(languages, word);

/** Language of a tag as browsers have them (`ar-EG`); one that the page does not speak is English. */
export function languageOf(tag: string): Language {
  const word = tag.split('-')[0]?.toLowerCase() ?? '';
  return isLanguage(word) ? word : 'en';
}

/** Whether a tag's language runs from right to left. */
export function isRtl(tag: string): boolean {
  return languages[languageOf(tag)].dir === 'rtl';
}

/**
 * What the page is shown in: the language that was chosen, else the first of the reader's that it speaks. The reader's own region
 * (`ar-EG`) is kept, as digits, dates and clocks follow it.
 */
export function tagFor(chosen: Language | null, wanted: readonly string[]): string {
  const spoken = wanted.filter((tag) => isLanguage(tag.split('-')[0]?.toLowerCase() ?? ''));
  if (chosen === null) return spoken[0] ?? 'en';
  return spoken.find((tag) => languageOf(tag) === chosen) ?? chosen;
}
