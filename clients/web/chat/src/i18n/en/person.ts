export const person = {
  title: 'Info',
  contact: 'Keep as a contact',
  contactText: 'Contacts see each other’s statuses if both keep each other.',
  about: 'About',
  shared: 'Media, files and links',
} as const;
