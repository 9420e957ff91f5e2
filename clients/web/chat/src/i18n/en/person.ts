export const person = {
  title: 'Info',
  contact: 'Add to contacts',
  contactText: 'Contacts see each other’s statuses if each has added the other.',
  about: 'About',
  shared: 'Media, files and links',
  block: 'Block {name}',
  unblock: 'Unblock {name}',
  blockAction: 'Block',
  blockTitle: 'Block {name}?',
  blockText:
    'They cannot write to you in a direct chat, nor call you, and do not see your picture or when you are online. They are not told.',
} as const;
