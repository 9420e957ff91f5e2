export const forward = {
  title: 'Forward to',
  label: 'Forwarded',
  search: 'Search chats',
  chats: 'Chats',
  none: 'No chat matches that you can write to.',
  full: 'That is all: {count} at once.',
  send: 'Forward | Forward to {count} chat | Forward to {count} chats',
  done: 'Forwarded to {count} chat. | Forwarded to {count} chats.',
} as const;
