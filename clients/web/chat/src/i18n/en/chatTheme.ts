export const chatTheme = {
  title: 'Chat colours',
  text: 'Yours are seen by you alone, on all your devices.',
  textDirect: 'Only you see them, on all your devices.',
  forMe: 'For me',
  forAll: 'For everyone here',
  likeAll: 'Like everyone',
  themes: { default: 'Default', ocean: 'Ocean', violet: 'Violet', rose: 'Rose', amber: 'Amber', graphite: 'Graphite' },
} as const;
