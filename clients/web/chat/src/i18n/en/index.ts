// The English catalogue, one file a section, and what every other language has to have (../words.ts). Choices of a plural are the forms of the
// language in their order (../plural.ts), here `one | other`; one more, in front, is for none at all.
export { account } from './account';
export { app } from './app';
export { chatMenu } from './chatMenu';
export { chats } from './chats';
export { common } from './common';
export { composer } from './composer';
export { connection } from './connection';
export { conversation } from './conversation';
export { errors } from './errors';
export { language } from './language';
export { media } from './media';
export { message } from './message';
export { nav } from './nav';
export { newChat } from './newChat';
export { presence } from './presence';
export { search } from './search';
export { signIn } from './signIn';
export { starred } from './starred';
export { system } from './system';
export { theme } from './theme';
export { ticks } from './ticks';

/** Sections that are needed later, by views that are loaded when they are wanted (`withWords`). */
export const later = {
  avatars: () => import('./avatars'),
  calls: () => import('./calls'),
  chat: () => import('./chat'),
  contacts: () => import('./contacts'),
  devices: () => import('./devices'),
  gallery: () => import('./gallery'),
  group: () => import('./group'),
  joining: () => import('./joining'),
  notices: () => import('./notices'),
  notifications: () => import('./notifications'),
  passkeys: () => import('./passkeys'),
  person: () => import('./person'),
  privacy: () => import('./privacy'),
  profile: () => import('./profile'),
  recovery: () => import('./recovery'),
  scheduled: () => import('./scheduled'),
  security: () => import('./security'),
  settings: () => import('./settings'),
  shortcuts: () => import('./shortcuts'),
  statuses: () => import('./statuses'),
};
