export const nav = {
  label: 'Parts of the page',
  chats: 'Chats',
  statuses: 'Status',
  calls: 'Calls',
  unreadChats: '{count} unread chat | {count} unread chats',
  unseenStatuses: 'new ones',
  missedCalls: '{count} missed call | {count} missed calls',
} as const;
