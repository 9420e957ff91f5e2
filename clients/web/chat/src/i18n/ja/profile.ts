import type { profile as en } from '../en/profile';
import type { Words } from '../words';

export const profile: Words<typeof en> = {
  shown: 'ほかの人に表示される情報',
  name: '名前',
  about: '自己紹介',
  saved: 'プロフィールを保存しました。',
  addresses: 'メールアドレスと電話番号',
  addressesText: 'ログインに使います。知っている人はあなたを検索できます。パスワード再設定のコードは、確認済みの宛先にだけ届きます。',
  email: 'メールアドレス',
  phone: '電話番号',
  none: '未登録',
  verified: '確認済み',
  verify: '{address}を確認',
  verifyShort: '確認',
  sentTo: '{to}にコードを送信しました。',
  code: 'コード',
  confirm: '確定',
  again: 'コードを再送信',
  nowVerified: '{address}を確認しました。',
};
