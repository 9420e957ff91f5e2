import type { signIn as en } from '../en/signIn';
import type { Words } from '../words';

export const signIn: Words<typeof en> = {
  title: 'ログイン',
  registerTitle: 'アカウントを作成',
  login: 'メールアドレスまたは電話番号',
  password: 'パスワード',
  showPassword: 'パスワードを表示',
  hidePassword: 'パスワードを隠す',
  submit: 'ログイン',
  submitting: 'ログイン中…',
  noAccount: 'はじめての方ですか？',
  toRegister: 'アカウントを作成',
  haveAccount: 'アカウントをお持ちですか？',
  toSignIn: 'ログイン',
  name: '名前',
  nameHint: 'ほかの人に表示されます。',
  email: 'メールアドレス',
  phone: '電話番号',
  phoneHint: '+4912345678 のように国番号を付けてください。',
  contactHint: 'メールアドレスか電話番号、または両方を入力してください。',
  passwordHint: '8文字以上。',
  create: 'アカウントを作成',
  creating: '作成中…',
  demoTitle: '開発モード：デモアカウント',
  demoAs: '{name}としてログイン',
  codeInLog: '開発モード：コードは送信されず、サーバーのログに出力されます。',
};
