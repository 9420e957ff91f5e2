export const account = {
  menu: 'Account and settings',
  settings: 'Settings',
  scheduled: 'Scheduled messages',
  signOut: 'Sign out',
} as const;
