export const find = {
  label: 'Find in this chat',
  place: '{at} of {count}',
  placeMore: '{at} of {count}+',
  none: 'No message has these words.',
  searching: 'Searching…',
  failed: 'Messages could not be searched.',
  older: 'Found message above',
  newer: 'Found message below',
  close: 'Close the search in this chat',
} as const;
