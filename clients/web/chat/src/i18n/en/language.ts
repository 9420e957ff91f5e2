export const language = { label: 'Language', browser: 'Browser language' } as const;
