export const presence = {
  online: 'online',
  lastSeen: 'last seen {when}',
  lastSeenNow: 'last seen just now',
  at: '{day} at {time}',
  typing: 'typing…',
  typingOne: '{a} is typing…',
  typingTwo: '{a} and {b} are typing…',
  typingMany: '{count} person is typing… | {count} people are typing…',
} as const;
