import type { connection as en } from '../en/connection';
import type { Words } from '../words';

export const connection: Words<typeof en> = {
  connecting: '接続中…',
  reconnecting: '接続が切れました。再接続しています…',
  waiting: '接続されていません（{reason}）。{seconds}秒後に再試行します。',
  offline: 'オフラインです。書いたメッセージは接続が戻ると送信されます。',
  offlineTitle: 'オフラインです',
  offlineText: '接続が戻ると、トークが表示されます。',
  closed: '接続が終了しました：{reason}。',
  signInAgain: 'もう一度ログイン',
  unsent: {
    kept: '未送信のメッセージ{count}件は、もう一度ログインするまで保存されます。',
    waits: '{name}の未送信のメッセージが{count}件あります。7日間ここに保存され、{name}がもう一度ログインすると送信されます。',
    title: '未送信のメッセージがあります。ログアウトしますか？',
    text: '未送信のメッセージ{count}件は、ログアウトすると失われます。',
  },
  reasons: {
    network: 'サーバーに接続できません',
    server: 'サーバーが再起動しています',
    overloaded: 'サーバーが混み合っています',
    storage: 'サーバーのストレージが応答しません',
    slow: '通信速度が遅すぎました',
    idle: '接続の応答がなくなりました',
    revoked: 'ログアウトしました',
    blocked: 'このアカウントはブロックされています',
    token: 'ログインの有効期限が切れました',
    client: 'このページは古いため、再読み込みしてください',
  },
};
