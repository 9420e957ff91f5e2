import { account as accountAr } from '../../../clients/web/chat/src/i18n/ar/account'
import { calls as callsAr } from '../../../clients/web/chat/src/i18n/ar/calls'
import { chatTheme as chatThemeAr } from '../../../clients/web/chat/src/i18n/ar/chatTheme'
import { conversation as conversationAr } from '../../../clients/web/chat/src/i18n/ar/conversation'
import { shortcuts as shortcutsAr } from '../../../clients/web/chat/src/i18n/ar/shortcuts'
import { signIn as signInAr } from '../../../clients/web/chat/src/i18n/ar/signIn'
import { statuses as statusesAr } from '../../../clients/web/chat/src/i18n/ar/statuses'
import { account as accountEn } from '../../../clients/web/chat/src/i18n/en/account'
import { calls as callsEn } from '../../../clients/web/chat/src/i18n/en/calls'
import { chatTheme as chatThemeEn } from '../../../clients/web/chat/src/i18n/en/chatTheme'
import { conversation as conversationEn } from '../../../clients/web/chat/src/i18n/en/conversation'
import { shortcuts as shortcutsEn } from '../../../clients/web/chat/src/i18n/en/shortcuts'
import { signIn as signInEn } from '../../../clients/web/chat/src/i18n/en/signIn'
import { statuses as statusesEn } from '../../../clients/web/chat/src/i18n/en/statuses'

/** What the page calls the ways to its screens, in the languages that they are looked at in: the page's own words. */
export const screenWords = {
  en: { account: accountEn, calls: callsEn, chatTheme: chatThemeEn, conversation: conversationEn, shortcuts: shortcutsEn, signIn: signInEn, statuses: statusesEn },
  ar: { account: accountAr, calls: callsAr, chatTheme: chatThemeAr, conversation: conversationAr, shortcuts: shortcutsAr, signIn: signInAr, statuses: statusesAr },
} as const
export type ScreenLanguage = keyof typeof screenWords
export type ScreenWords = (typeof screenWords)[ScreenLanguage]
