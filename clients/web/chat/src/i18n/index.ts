import { createI18n } from 'vue-i18n';
import { isRtl, type Language, languageOf } from './languages';
import { pluralRule } from './plural';
import type { Catalogue, Section } from './words';

const pluralRules: Record<string, ReturnType<typeof pluralRule>> = {};

export const i18n = createI18n({ legacy: false, locale: 'en', fallbackLocale: false, pluralRules, messages: {} });

const { t, locale } = i18n.global;

/** Numbers stand in a message as its reader writes them; a name keeps to its own direction among words from right to left (FSI … PDI). */
function filling(value: unknown): unknown {
  if (typeof value === 'number') return new Intl.NumberFormat(locale.value).format(value);
  return isRtl(locale.value) ? `\u2068${value}\u2069` : value;
}

i18n.global.t = ((key: string, params: Record<string, unknown> | number = {}, count?: number) => {
  const named = typeof params === 'number' ? { count: params } : params;
  const choice = typeof params === 'number' ? params : count;
  const filled = Object.fromEntries(Object.entries(named).map(([name, value]) => [name, filling(value)]));
  return choice === undefined ? t(key, filled) : t(key, filled, choice);
}) as typeof t;

const catalogues: { readonly [Name in Language]: () => Promise<Catalogue> } = {
  en: () => import('./en'),
  ar: () => import('./ar'),
  ja: () => import('./ja'),
};

/** To see what is not translated, and what has too little room; not of a page that is built. */
const Pseudo = 'en-XA';

/** Sections that a view asked for: another language needs them, too. */
const needed = new Set<Section>();
let asked = 0;
let spoken: { readonly tag: string; readonly later: Catalogue['later'] } | undefined;

/**
 * Shows the page in another language. It stays in the one that it has until all words are there; throws if they do not come. False, with nothing
 * shown, where another language was asked for meanwhile.
 */
export async function speak(tag: string): Promise<boolean> {
  const turn = ++asked;
  const load = import.meta.env.DEV && tag === Pseudo ? async () => (await import('./pseudo')).pseudo() : catalogues[languageOf(tag)];
  const { later, ...words } = await load(); // a namespace of a module takes no sections that come later
  pluralRules[tag] = pluralRule(tag);
  i18n.global.setLocaleMessage(tag, words);
  for (const section of needed) i18n.global.mergeLocaleMessage(tag, await later[section]()); // also those that come to be needed meanwhile
  if (turn !== asked) return false;
  spoken = { tag, later };
  locale.value = tag;
  return true;
}

/** Loads a view, and the words that only it needs. */
export async function withWords<View>(sections: Section | readonly Section[], load: () => Promise<View>): Promise<View> {
  if (!spoken) throw new Error('The page has no language yet: speak() comes first.');
  const { tag, later } = spoken;
  const wanted = typeof sections === 'string' ? [sections] : sections;
  for (const section of wanted) needed.add(section);
  const [view, ...words] = await Promise.all([load(), ...wanted.map((section) => later[section]())]);
  for (const section of words) i18n.global.mergeLocaleMessage(tag, section);
  return view;
}
