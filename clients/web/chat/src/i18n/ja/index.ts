// The Japanese catalogue: the sections of ../en, and their keys.
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
export { passkeys } from './passkeys';
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
  gallery: () => import('./gallery'),
  group: () => import('./group'),
  joining: () => import('./joining'),
  person: () => import('./person'),
  scheduled: () => import('./scheduled'),
  statuses: () => import('./statuses'),
};
