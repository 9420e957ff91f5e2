import type { recovery as en } from '../en/recovery';
import type { Words } from '../words';

export const recovery: Words<typeof en> = {
  code: '2段階認証のコード',
  codeHint: '認証アプリに表示されるコード、または復旧コードを入力してください。',
  codeText: 'パスワードを確認しました。続けるにはコードが必要です。',
  confirm: '確認',
  otherAccount: '別のアカウントを使う',
  forgot: 'パスワードを忘れた場合',
  title: '新しいパスワードの設定',
  text: '確認済みのメールアドレスまたは電話番号にコードを送信します。',
  send: 'コードを送信',
  sent: '{login}が確認済みの場合は、コードが届きます。',
  sentCode: 'コード',
  newPassword: '新しいパスワード',
  set: 'パスワードを設定',
  again: 'コードを再送信',
  done: '新しいパスワードを設定し、すべての端末からログアウトしました。新しいパスワードでログインしてください。',
  toSignIn: 'ログインに戻る',
};
