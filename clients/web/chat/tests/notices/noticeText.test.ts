import type { NoticeKind } from '@chat/sdk';
import { expect, it } from 'vitest';
import { i18n, withWords } from '../../src/i18n';
import { noticeKey, noticePlace, sentence } from '../../src/notices/noticeText';
import { noticeOf } from './notices.fixture';

const kinds: readonly NoticeKind[] = [
  'mention',
  'reply',
  'reaction',
  'missed_call',
  'chat_added',
  'chat_removed',
  'chat_deleted',
  'role_changed',
  'sign_in',
  'passkey_added',
];

it('has words for every kind, with and without a chat, and none for what came after it', async () => {
  await withWords('notices', async () => null);
  for (const kind of kinds)
    for (const chatName of [null, 'Team'])
      for (const role of ['admin', 'member'] as const) {
        const key = noticeKey({ kind, role, chatName });
        expect([kind, key !== null && i18n.global.te(key)]).toEqual([kind, true]);
      }
  expect(noticeKey({ kind: 'unknown', role: null, chatName: null })).toBeNull();
  expect(noticeKey({ kind: 'role_changed', role: 'unknown', chatName: null })).toBeNull();
});

it('leads to the message or the chat, where there is one to see', () => {
  expect(noticePlace(noticeOf('a'))).toEqual({ name: 'chat', params: { id: 7 }, query: { m: 9 } });
  expect(noticePlace(noticeOf('a', { kind: 'chat_added', sequence: null }))).toEqual({ name: 'chat', params: { id: 7 }, query: {} });
  for (const kind of ['chat_removed', 'chat_deleted'] as const) expect(noticePlace(noticeOf('a', { kind }))).toBeNull();
});

it('leads to the settings for what happened to the account', () => {
  const ofAccount = { chatId: null, sequence: null };
  expect(noticePlace(noticeOf('a', { kind: 'sign_in', ...ofAccount }))).toEqual({ name: 'settings', params: { section: 'devices' } });
  expect(noticePlace(noticeOf('a', { kind: 'passkey_added', ...ofAccount }))).toEqual({
    name: 'settings',
    params: { section: 'security' },
    hash: '#passkeys',
  });
});

it('tells the names of a sentence from its words, whatever they are', () => {
  const parts = sentence(({ who, chat }) => `${who} mentioned you in ${chat}`, { who: '0', chat: '{who} & $1', emoji: '👍' });
  expect(parts).toEqual([
    { text: '0', isName: true },
    { text: ' mentioned you in ', isName: false },
    { text: '{who} & $1', isName: true },
  ]);
});
