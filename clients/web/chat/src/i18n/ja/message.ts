import type { message as en } from '../en/message';
import type { Words } from '../words';

export const message: Words<typeof en> = {
  from: '{name}、{time}',
  fromYou: '自分、{time}',
  deleted: 'このメッセージは削除されました',
  edited: '編集済み {time}',
  reactions: 'リアクション',
  kinds: {
    image: '写真',
    video: '動画',
    audio: '音声',
    voice: 'ボイスメッセージ',
    document: 'ドキュメント',
    location: '位置情報',
    contact: '連絡先',
    unknown: 'このページでは表示できない種類のメッセージ',
  },
  reply: '返信',
  toStatus: 'ステータス',
  replyGone: '読み込まれていないメッセージ',
  copied: 'コピーしました。',
  copyFailed: 'コピーできませんでした。テキストを選択してコピーしてください。',
  jump: '引用元のメッセージへ移動：',
  retry: '再送信',
  delete: '削除',
  notSent: '送信できませんでした。',
};
