export const privacy = {
  seen: 'Who sees it',
  seenText: 'Contacts are the people whom you keep as contacts.',
  of: {
    lastSeen: 'When you were last here',
    profilePhoto: 'Your picture',
    about: 'The text about you',
    calls: 'Who can call you',
  },
  audiences: { everyone: 'Everyone', contacts: 'My contacts', nobody: 'Nobody' },
  receipts: 'Read receipts',
  receiptsText: 'If you turn them off, nobody learns what you have read. In chats with one person you do not see theirs either.',
  receiptsOn: 'Tell others what I have read',
  blocked: 'Blocked people',
  blockedText:
    'They cannot write to you in a direct chat, nor call you, and do not see your picture or when you are here. They are not told.',
  nobodyBlocked: 'You have blocked nobody.',
  unblock: 'Unblock',
  unblockOne: 'Unblock {name}',
  unblocked: '{name} is not blocked any more.',
} as const;
