export const app = {
  name: 'Chat',
  tagline: 'Messages that arrive once, in order, and stay.',
  loading: 'Loading…',
  titleUnread: '({count}) Chat',
} as const;
