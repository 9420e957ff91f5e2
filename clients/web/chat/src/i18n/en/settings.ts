export const settings = {
  back: 'Back to settings',
  pick: 'Settings',
  pickText: 'Choose what you want to look at or change.',
  loading: 'Loading…',
  failed: 'This could not be loaded.',
  themeText: 'Applies to this device only.',
  languageText: 'Applies to this device only, too.',
  sections: {
    profile: { title: 'Profile', text: 'Name, picture, about, e-mail and phone' },
    privacy: { title: 'Privacy', text: 'Who sees what, read receipts, blocked people' },
    contacts: { title: 'Contacts', text: 'People you saved, with your names for them' },
    devices: { title: 'Devices', text: 'Where you are signed in' },
    security: { title: 'Security', text: 'Password, two-step sign-in, passkeys' },
    notifications: { title: 'Notifications', text: 'Alerts, sounds, muted chats, app' },
    appearance: { title: 'Appearance', text: 'How the page looks, and its language' },
  },
} as const;
