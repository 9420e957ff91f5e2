export const search = {
  messages: 'Messages',
  searching: 'Searching messages…',
  failed: 'Messages could not be searched.',
  found: 'No messages found | {count} message found | {count} messages found',
  more: 'Show more',
  tooFar: 'That message is no longer here, or too far back.',
} as const;
