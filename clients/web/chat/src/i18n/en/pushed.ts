// Of the service worker, which has no vue-i18n: no plurals by `|`.
export const pushed = {
  app: 'Chat',
  newMessage: 'New message',
  newMessages: '{count} new messages',
  mentioned: '{name} mentioned you',
  message: 'Message',
} as const;
