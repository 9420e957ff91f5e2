import type { voice as en } from '../en/voice';
import type { Words } from '../words';

export const voice: Words<typeof en> = {
  label: 'ボイスメッセージ',
  record: 'ボイスメッセージを録音',
  recording: '録音中。Escapeキーで破棄します。',
  stop: '停止して聞く',
  cancel: '録音を破棄',
  send: 'ボイスメッセージを送信',
  time: '長さ',
  denied: 'このページではマイクの使用が許可されていません。ブラウザのサイト設定で許可して、もう一度お試しください。',
  missing: '使えるマイクがありません。マイクを接続して、もう一度お試しください。',
};
