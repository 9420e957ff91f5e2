import type { devices as en } from '../en/devices';
import type { Words } from '../words';

export const devices: Words<typeof en> = {
  here: 'この端末',
  others: 'ほかの端末',
  othersText: '心当たりのない端末がある場合は、ログアウトさせてパスワードを変更してください。',
  noOthers: 'ほかの端末ではログインしていません。',
  since: 'ログイン：{day}',
  active: '最終利用：{when}',
  unnamed: '名前のない端末',
  signOut: 'ログアウト',
  signOutOne: '{name}をログアウト',
  oneTitle: '{name}をログアウトさせますか？',
  oneText: 'すぐにログアウトします。その端末からまだ送信されていないメッセージは失われます。',
  oneDone: '{name}をログアウトさせました。',
  signOutOthers: 'ほかのすべての端末をログアウト',
  othersTitle: 'ほかのすべての端末をログアウトさせますか？',
  othersDone: 'この端末だけでログインしています。',
  signOutEverywhere: 'すべての端末からログアウト',
  everywhereText: 'この端末を含むすべての端末からログアウトします。まだ送信されていないメッセージは失われます。',
};
