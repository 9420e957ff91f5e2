export const gallery = {
  title: 'Media, files and links',
  kinds: 'Kinds of shared items',
  tabs: { media: 'Media', files: 'Files', links: 'Links' },
  none: {
    media: 'No pictures or videos yet.',
    files: 'No files yet.',
    links: 'No links found.',
  },
  loading: 'Loading…',
  failed: 'That could not be loaded.',
  more: 'Show more',
  lookedBack: 'Searched back to {day}.',
  further: 'Search further back',
  showInChat: 'Show in the chat: {name}',
  from: '{name}, {day}',
  play: 'Play video of {from}',
  open: 'Open picture of {from}',
} as const;
