import { afterEach, expect, it, vi } from 'vitest';
import { i18n, speak, withWords } from '../../src/i18n';
import { keepPushLanguage, pushLanguage } from '../../src/notifications/pushLanguage';
import { pushTexts } from '../../src/notifications/pushTexts';
import { stubDevice } from './stubDevice';

afterEach(() => vi.unstubAllGlobals());

it.each(['en-GB', 'ar-EG', 'ja'])('in %s says of calls and kinds what the page says', async (tag) => {
  await speak(tag);
  await withWords('calls', async () => null);
  const { t } = i18n.global;
  const texts = pushTexts(tag);
  expect([texts.ringing?.('video'), texts.missed?.('voice'), texts.content('image'), texts.callEnded]).toEqual([
    t('calls.what.incoming.video'),
    t('calls.what.missed.voice'),
    t('message.kinds.image'),
    t('calls.phase.over'),
  ]);
  await speak('en');
});

it('counts in the forms of the language, with its digits', () => {
  const counted = (tag: string) => [1, 2, 5, 11, 100].map((count) => pushTexts(tag).newMessages(count));
  expect(counted('en')).toEqual(['New message', '2 new messages', '5 new messages', '11 new messages', '100 new messages']);
  expect(counted('ar-EG')).toEqual(['رسالة جديدة', 'رسالتان جديدتان', '٥ رسائل جديدة', '١١ رسالة جديدة', '١٠٠ رسالة جديدة']);
  expect(counted('ja')[1]).toBe('新着メッセージ2件');
  expect(pushTexts('ja').mentioned?.('$& {name}')).toBe('$& {name}があなたをメンションしました');
});

it('what the page was shown in last is known to the worker; before that, what it would be shown in', async () => {
  stubDevice();
  expect(await pushLanguage(['fr', 'ja-JP', 'en'])).toBe('ja-JP');
  await keepPushLanguage('ar-EG');
  expect(await pushLanguage(['ja-JP'])).toBe('ar-EG');
});
