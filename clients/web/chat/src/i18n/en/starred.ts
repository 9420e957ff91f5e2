export const starred = {
  title: 'Starred messages',
  loading: 'Loading…',
  failed: 'They could not be loaded.',
  none: 'Nothing is starred yet. Star a message from its menu.',
  noText: 'A message without text',
  more: 'Show more',
} as const;
