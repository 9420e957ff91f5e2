import { createI18n } from 'vue-i18n';
import * as en from './en';

const locale = 'en';
const categories = new Intl.PluralRules(locale);

/** Choice in a `one | other` message by the locale's own plural rule; three choices mean `zero | one | other`. */
function pluralRule(count: number, choices: number): number {
  if (choices === 3 && count === 0) return 0;
  const other = choices - 1;
  return categories.select(count) === 'one' ? other - 1 : other;
}

export const i18n = createI18n({
  legacy: false,
  locale,
  fallbackLocale: 'en',
  pluralRules: { [locale]: pluralRule },
  messages: { en: { ...en } }, // a namespace of a module takes no sections that come later
});

/** Sections that are needed later, by views that are loaded when they are wanted. */
const later = {
  avatars: () => import('./en/avatars'),
  calls: () => import('./en/calls'),
  contacts: () => import('./en/contacts'),
  devices: () => import('./en/devices'),
  gallery: () => import('./en/gallery'),
  group: () => import('./en/group'),
  joining: () => import('./en/joining'),
  notices: () => import('./en/notices'),
  notifications: () => import('./en/notifications'),
  passkeys: () => import('./en/passkeys'),
  person: () => import('./en/person'),
  privacy: () => import('./en/privacy'),
  profile: () => import('./en/profile'),
  recovery: () => import('./en/recovery'),
  scheduled: () => import('./en/scheduled'),
  security: () => import('./en/security'),
  settings: () => import('./en/settings'),
  shortcuts: () => import('./en/shortcuts'),
  statuses: () => import('./en/statuses'),
};

type Section = keyof typeof later;

/** Loads a view, and the words that only it needs. */
export async function withWords<View>(sections: Section | readonly Section[], load: () => Promise<View>): Promise<View> {
  const wanted = typeof sections === 'string' ? [sections] : sections;
  const [view, ...words] = await Promise.all([load(), ...wanted.map((section) => later[section]())]);
  for (const section of words) i18n.global.mergeLocaleMessage(locale, section);
  return view;
}
