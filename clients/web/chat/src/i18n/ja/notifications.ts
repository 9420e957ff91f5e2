import type { notifications as en } from '../en/notifications';
import type { Words } from '../words';

export const notifications: Words<typeof en> = {
  title: '通知',
  device: 'この端末',
  intro:
    'ほかのことをしている間や、このページを閉じている間も、メッセージと通話をお知らせします。次にブラウザーが許可を求めます。通知はここでいつでもオフにできます。',
  turnOn: '通知をオンにする',
  on: 'この端末の通知',
  reachAlways: 'このページを閉じている間も、メッセージと通話をお知らせします。',
  reachOpen: 'このページをどこかで開いている間、メッセージと通話をお知らせします。ページを閉じている間の通知は現在利用できません。',
  tryAgain: 'もう一度試す',
  denied:
    'このページの通知はブロックされています。ブラウザーのサイト設定で許可してから、ここに戻ってください。それまでは、新着はページ内に表示されます。',
  dismissed: 'ブラウザーで許可されませんでした。新着はページ内に表示されます。もう一度試すこともできます。',
  unsupported: 'このブラウザーではこのページの通知を表示できません。iPhoneやiPadでは、先にページをホーム画面に追加してください。',
  content: '通知の内容',
  contents: {
    full: '送信者とメッセージの内容',
    sender: '送信者のみ',
    none: '新着があることのみ',
  },
  page: 'ページ内',
  sounds: '新着メッセージの音',
  soundsText: 'ページを開いている間に鳴ります。通知オフのトークでは鳴りません。',
  muted: '通知オフのトーク',
  mutedNone: '通知オフのトークはありません。トーク一覧のメニューから通知をオフにできます。',
  unmute: '通知をオンにする',
  unmuteName: '{name}の通知をオンにする',
  app: 'アプリ',
  install: 'アプリとしてインストール',
  installText: '専用のウィンドウとアイコンで使え、ネットワークがなくても開けます。',
  installed: 'インストールされたアプリを使用中です。',
  update: 'このページの新しいバージョンがあります。',
  reload: '再読み込み',
  later: 'あとで',
};
