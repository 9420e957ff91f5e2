export const find = {
  label: 'Find in this chat',
  place: '{at} of {count}',
  placeMore: '{at} of {count}+',
  none: 'No messages found.',
  searching: 'Searching…',
  failed: 'Messages could not be searched.',
  older: 'Previous result',
  newer: 'Next result',
  close: 'Close the search in this chat',
} as const;
