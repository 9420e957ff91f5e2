export const privacy = {
  seen: 'Who sees it',
  seenText: 'Contacts are the people you added as contacts.',
  of: {
    lastSeen: 'When you were last online',
    profilePhoto: 'Your picture',
    about: 'Your “About” text',
    calls: 'Who can call you',
  },
  audiences: { everyone: 'Everyone', contacts: 'My contacts', nobody: 'Nobody' },
  receipts: 'Read receipts',
  receiptsText: 'If you turn them off, nobody sees what you have read. In chats with one person you do not see theirs either.',
  receiptsOn: 'Tell others what I have read',
  blocked: 'Blocked people',
  blockedText:
    'They cannot write to you in a direct chat, nor call you, and do not see your picture or when you are online. They are not told.',
  nobodyBlocked: 'You have not blocked anyone.',
  unblock: 'Unblock',
  unblockOne: 'Unblock {name}',
  unblocked: '{name} is no longer blocked.',
} as const;
