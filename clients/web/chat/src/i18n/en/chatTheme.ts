export const chatTheme = {
  title: 'Chat colours',
  text: 'Only you see your choice, on all your devices.',
  textDirect: 'Only you see them, on all your devices.',
  forMe: 'For me',
  forAll: 'For everyone here',
  likeAll: 'Same as everyone',
  themes: { default: 'Default', ocean: 'Ocean', violet: 'Violet', rose: 'Rose', amber: 'Amber', graphite: 'Graphite' },
} as const;
