import type { account as en } from '../en/account';
import type { Words } from '../words';

export const account: Words<typeof en> = {
  menu: 'アカウントと設定',
  settings: '設定',
  scheduled: '予約メッセージ',
  signOut: 'ログアウト',
};
