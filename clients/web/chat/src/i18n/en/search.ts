export const search = {
  messages: 'Messages',
  searching: 'Searching messages…',
  failed: 'Messages could not be searched.',
  found: 'No message has these words. | {count} message found | {count} messages found',
  more: 'Show more',
  tooFar: 'That message is not here any more, or too far back.',
} as const;
