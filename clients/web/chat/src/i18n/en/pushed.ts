// Of the service worker, which has no vue-i18n: `src/notifications/pushTexts.ts` reads it.
export const pushed = {
  newMessages: 'New message | {count} new messages',
  mentioned: '{name} mentioned you',
  message: 'Message',
} as const;
