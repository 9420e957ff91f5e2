export const nav = {
  label: 'Parts of the page',
  chats: 'Chats',
  statuses: 'Status',
  unreadChats: '{count} unread chat | {count} unread chats',
  unseenStatuses: 'new ones',
} as const;
