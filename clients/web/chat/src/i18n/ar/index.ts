// The Arabic catalogue: the sections of ../en, and their keys.
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
