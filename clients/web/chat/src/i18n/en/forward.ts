export const forward = {
  title: 'Forward to',
  label: 'Forwarded',
  search: 'Search chats',
  chats: 'Chats',
  none: 'No matching chat that you can write to.',
  full: 'You can choose up to {count} at once.',
  send: 'Forward | Forward to {count} chat | Forward to {count} chats',
  done: 'Forwarded to {count} chat. | Forwarded to {count} chats.',
} as const;
