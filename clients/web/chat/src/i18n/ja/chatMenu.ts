import type { chatMenu as en } from '../en/chatMenu';
import type { Words } from '../words';

export const chatMenu: Words<typeof en> = {
  label: 'このトークの操作',
  pin: '一番上にピン留め',
  unpin: 'ピン留めを解除',
  mute: { hours: '8時間通知オフ', week: '1週間通知オフ', always: 'ずっと通知オフ' },
  unmute: '通知をオン',
  archive: 'アーカイブ',
  unarchive: 'アーカイブから戻す',
  markUnread: '未読にする',
  markRead: '既読にする',
  muted: '通知オフ',
  pinned: '一番上にピン留め済み',
  marked: '未読にしたトーク',
  archived: 'アーカイブ',
  leaveArchive: 'アーカイブを閉じる',
};
