export const nav = {
  label: 'Parts of the page',
  chats: 'Chats',
  statuses: 'Status',
  calls: 'Calls',
  notices: 'Activity',
  unreadChats: '{count} unread chat | {count} unread chats',
  unseenStatuses: 'new ones',
  missedCalls: '{count} missed call | {count} missed calls',
  newNotices: '{count} new | {count} new',
} as const;
