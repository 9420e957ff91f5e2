export const account = {
  menu: 'Account and settings',
  settings: 'Settings',
  scheduled: 'Scheduled messages',
  signOut: 'Sign out',
  signOutEverywhere: 'Sign out everywhere',
  signOutEverywhereText: 'This signs you out on every device, here too. Messages that were not sent yet are lost.',
} as const;
