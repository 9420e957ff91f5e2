export const theme = { label: 'Theme', system: 'Like the system', light: 'Light', dark: 'Dark' } as const;
