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
  messages: { en },
});
