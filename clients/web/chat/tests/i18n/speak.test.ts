import { afterEach, expect, it } from 'vitest';
import { i18n, speak, withWords } from '../../src/i18n';

afterEach(() => speak('en'));

it('a language comes with the words that views have asked for, and with those that they ask for meanwhile', async () => {
  const { t } = i18n.global;
  await withWords('gallery', async () => null);
  const switched = speak('ja');
  await Promise.all([switched, withWords('joining', async () => null)]);
  expect([t('chats.title'), t('gallery.title'), t('joining.join')]).toEqual(['トーク', 'メディア、ファイル、リンク', 'グループに参加']);
});

it('the language that was asked for last is spoken, however long its words take', async () => {
  const { t } = i18n.global;
  const slow = speak('ar');
  const quick = speak('en');
  expect(await Promise.all([slow, quick])).toEqual([false, true]);
  expect([i18n.global.locale.value, t('chats.title')]).toEqual(['en', 'Chats']);
});

it('Arabic counts in six forms, and keeps names to their own direction', async () => {
  const { t } = i18n.global;
  await speak('ar-EG');
  const counted = [0, 1, 2, 3, 11, 100].map((count) => t('search.found', count));
  expect(counted).toEqual([
    'لا توجد رسالة تحتوي على هذه الكلمات.',
    'عُثر على رسالة واحدة',
    'عُثر على رسالتين',
    'عُثر على ٣ رسائل',
    'عُثر على ١١ رسالة',
    'عُثر على ١٠٠ رسالة',
  ]);
  expect(t('chats.previewBy', { name: 'Ben', text: 'Hi!' })).toBe('\u200f\u2068Ben\u2069: \u2068Hi!\u2069');
});

it('Japanese counts in one', async () => {
  await speak('ja');
  const { t } = i18n.global;
  expect([0, 1, 5].map((count) => t('conversation.newMessages', count))).toEqual([
    '最新のメッセージへ移動',
    '新しいメッセージ1件',
    '新しいメッセージ5件',
  ]);
});
