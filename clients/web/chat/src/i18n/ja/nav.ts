import type { nav as en } from '../en/nav';
import type { Words } from '../words';

export const nav: Words<typeof en> = {
  label: 'ページのメニュー',
  chats: 'トーク',
  statuses: 'ステータス',
  calls: '通話',
  notices: 'アクティビティ',
  unreadChats: '未読トーク{count}件',
  unseenStatuses: '新着あり',
  missedCalls: '不在着信{count}件',
  newNotices: '新着{count}件',
};
