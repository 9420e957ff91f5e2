import type { newChat as en } from '../en/newChat';
import type { Words } from '../words';

export const newChat: Words<typeof en> = {
  title: '新しいトーク',
  text: '相手のメールアドレスまたは電話番号を正確に入力してください。',
  login: 'メールアドレスまたは電話番号',
  find: '検索',
  finding: '検索中…',
  start: '{name}とトーク',
  yourself: 'それはあなた自身です。ほかの人のメールアドレスか電話番号を入力してください。',
  groupTitle: '新しいグループ',
  channelTitle: '新しいチャンネル',
  joinTitle: 'リンクまたは名前で参加',
  groupName: 'グループ名',
  addPeople: 'メンバーを追加',
  members: 'メンバー',
  noMembers: 'まだ誰も追加していません。',
  removeMember: '{name}を外す',
  create: 'グループを作成',
  creating: '作成中…',
  nameRequired: 'グループ名を入力してください。',
};
