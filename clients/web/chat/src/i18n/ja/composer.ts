import type { composer as en } from '../en/composer';
import type { Words } from '../words';

export const composer: Words<typeof en> = {
  label: '{name}へのメッセージ',
  placeholder: 'メッセージを入力',
  send: '送信',
  later: 'あとで送信…',
  scheduled: '予約メッセージ{count}件',
  scheduledFailed: '予約メッセージ{count}件（送信できなかったものがあります）',
  cancelReply: '返信をキャンセル',
  removePreview: 'リンクのプレビューを削除',
  tooLong: '{count}バイト超過しています',
};
