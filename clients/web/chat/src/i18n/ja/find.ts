import type { find as en } from '../en/find';
import type { Words } from '../words';

export const find: Words<typeof en> = {
  label: 'このトーク内を検索',
  place: '{count}件中{at}件目',
  placeMore: '{count}件以上中{at}件目',
  none: '一致するメッセージはありません。',
  searching: '検索中…',
  failed: 'メッセージを検索できませんでした。',
  older: '上の検索結果へ',
  newer: '下の検索結果へ',
  close: 'トーク内の検索を閉じる',
};
