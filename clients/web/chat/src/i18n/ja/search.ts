import type { search as en } from '../en/search';
import type { Words } from '../words';

export const search: Words<typeof en> = {
  messages: 'メッセージ',
  searching: 'メッセージを検索中…',
  failed: 'メッセージを検索できませんでした。',
  found: '一致するメッセージはありません。 | メッセージ{count}件',
  more: 'もっと見る',
  tooFar: 'そのメッセージはもうないか、古すぎます。',
};
