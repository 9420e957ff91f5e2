export const language = { label: 'Language', browser: 'Like the browser' } as const;
