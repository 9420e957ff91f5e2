import type { receipts as en } from '../en/receipts';
import type { Words } from '../words';

export const receipts: Words<typeof en> = {
  title: 'メッセージ情報',
  loading: '届いた相手を確認中…',
  failed: '読み込めませんでした。',
  read: 'まだ誰も読んでいません | 既読 {count}人',
  delivered: 'ほかには届いていません | 配信済み {count}人',
  by: '{day} {time}まで',
  waiting: '{count}人にまだ届いていません。',
  more: 'もっと見る',
};
