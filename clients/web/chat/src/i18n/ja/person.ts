import type { person as en } from '../en/person';
import type { Words } from '../words';

export const person: Words<typeof en> = {
  title: '情報',
  contact: '連絡先に登録',
  contactText: 'お互いに登録していると、ステータスを見られます。',
  about: '自己紹介',
  shared: 'メディア、ファイル、リンク',
  block: '{name}をブロック',
  unblock: '{name}のブロックを解除',
  blockAction: 'ブロック',
  blockTitle: '{name}をブロックしますか？',
  blockText: '1対1のトークや通話ができなくなり、あなたの写真やオンライン状態も表示されなくなります。相手には通知されません。',
};
