export const gallery = {
  title: 'Media, files and links',
  kinds: 'What was shared',
  tabs: { media: 'Media', files: 'Files', links: 'Links' },
  none: {
    media: 'No pictures or films yet.',
    files: 'No files yet.',
    links: 'No links found.',
  },
  loading: 'Loading…',
  failed: 'That could not be loaded.',
  more: 'Show more',
  lookedBack: 'Looked back to {day}.',
  further: 'Look further back',
  showInChat: 'Show in the chat: {name}',
  from: '{name}, {day}',
  play: 'Play film of {from}',
  open: 'Open picture of {from}',
} as const;
