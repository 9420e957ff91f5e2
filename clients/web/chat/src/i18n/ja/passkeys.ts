import type { passkeys as en } from '../en/passkeys';
import type { Words } from '../words';

export const passkeys: Words<typeof en> = {
  title: 'パスキー',
  text: '指紋、顔、またはPINでログインできます。推測されることも、偽のページに盗まれることもありません。',
  signIn: 'パスキーでログイン',
  none: 'パスキーはまだありません。',
  loading: '読み込み中…',
  add: 'パスキーを追加',
  name: '名前',
  nameHint: '「自分のスマホ」など、見分けやすい名前。',
  defaultName: 'この端末',
  code: '2段階認証のコード',
  codeHint: '認証アプリを使っている場合のみ。',
  addedAt: '追加日：{day}。未使用。',
  usedAt: '最終使用：{day}',
  remove: '削除',
  removeOne: '{name}を削除',
  removeText: '「{name}」ではログインできなくなります。使用した端末ではログインしたままです。',
  notChosen: 'パスキーは使用されませんでした。もう一度お試しいただくか、パスワードをお使いください。',
  hasOne: 'この端末にはすでにあなたのアカウントのパスキーがあります。',
  unsupported: 'このブラウザまたはこのアドレスではパスキーを使えません。',
};
