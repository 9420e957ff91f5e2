import type { forward as en } from '../en/forward';
import type { Words } from '../words';

export const forward: Words<typeof en> = {
  title: '転送先',
  label: '転送されたメッセージ',
  search: 'トークを検索',
  chats: 'トーク',
  none: '書き込める該当のトークはありません。',
  full: '一度に選べるのは{count}件までです。',
  send: '転送 | {count}件のトークに転送',
  done: '{count}件のトークに転送しました。',
};
