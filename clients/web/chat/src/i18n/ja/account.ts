import type { account as en } from '../en/account';
import type { Words } from '../words';

export const account: Words<typeof en> = {
  menu: 'アカウントと設定',
  profile: 'プロフィール',
  scheduled: '予約メッセージ',
  signOut: 'ログアウト',
  signOutEverywhere: 'すべての端末からログアウト',
  signOutEverywhereText: 'この端末を含むすべての端末からログアウトします。まだ送信されていないメッセージは失われます。',
};
