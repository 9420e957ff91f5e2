import type { PushTexts } from '@chat/sdk/worker';
import { app as appAr } from '../i18n/ar/app';
import { calls as callsAr } from '../i18n/ar/calls';
import { message as messageAr } from '../i18n/ar/message';
import { pushed as pushedAr } from '../i18n/ar/pushed';
import { app as appEn } from '../i18n/en/app';
import { calls as callsEn } from '../i18n/en/calls';
import { message as messageEn } from '../i18n/en/message';
import { pushed as pushedEn } from '../i18n/en/pushed';
import { app as appJa } from '../i18n/ja/app';
import { calls as callsJa } from '../i18n/ja/calls';
import { message as messageJa } from '../i18n/ja/message';
import { pushed as pushedJa } from '../i18n/ja/pushed';
import { isRtl, type Language, languageOf } from '../i18n/languages';
import { pluralRule } from '../i18n/plural';
import type { Words } from '../i18n/words';

interface PushWords {
  readonly app: Words<typeof appEn>;
  readonly calls: Words<typeof callsEn>;
  readonly message: Words<typeof messageEn>;
  readonly pushed: Words<typeof pushedEn>;
}

// A worker loads nothing later: it may have to tell without a network.
const words: { readonly [Name in Language]: PushWords } = {
  en: { app: appEn, calls: callsEn, message: messageEn, pushed: pushedEn },
  ar: { app: appAr, calls: callsAr, message: messageAr, pushed: pushedAr },
  ja: { app: appJa, calls: callsJa, message: messageJa, pushed: pushedJa },
};

/** The words of notifications in a language of the page, as vue-i18n would fill them, which the worker has not. */
export function pushTexts(tag: string): PushTexts {
  const { app, calls, message, pushed } = words[languageOf(tag)];
  const kinds: Readonly<Record<string, string>> = message.kinds;
  const choose = pluralRule(tag);
  const number = new Intl.NumberFormat(tag);
  // A name keeps to its own direction among words from right to left (FSI … PDI).
  const name = (given: string) => (isRtl(tag) ? `\u2068${given}\u2069` : given);
  const kindOf = (kind: string) => (kind === 'video' ? 'video' : 'voice');
  return {
    app: app.name,
    newMessages: (count) => {
      const choices = pushed.newMessages.split('|');
      return (choices[choose(count, choices.length)] ?? '').trim().replace('{count}', number.format(count));
    },
    mentioned: (who) => pushed.mentioned.replace('{name}', () => name(who)),
    content: (kind) => kinds[kind] ?? pushed.message,
    ringing: (kind) => calls.what.incoming[kindOf(kind)],
    missed: (kind) => calls.what.missed[kindOf(kind)],
    callEnded: calls.phase.over,
  };
}
