// The Arabic catalogue: the sections of ../en, and their keys.
export { account } from './account';
export { actions } from './actions';
export { app } from './app';
export { chatMenu } from './chatMenu';
export { chats } from './chats';
export { common } from './common';
export { composer } from './composer';
export { connection } from './connection';
export { conversation } from './conversation';
export { edit } from './edit';
export { errors } from './errors';
export { files } from './files';
export { forward } from './forward';
export { language } from './language';
export { media } from './media';
export { mentions } from './mentions';
export { message } from './message';
export { nav } from './nav';
export { newChat } from './newChat';
export { passkeys } from './passkeys';
export { pins } from './pins';
export { presence } from './presence';
export { reactions } from './reactions';
export { receipts } from './receipts';
export { search } from './search';
export { signIn } from './signIn';
export { starred } from './starred';
export { system } from './system';
export { theme } from './theme';
export { ticks } from './ticks';
export { voice } from './voice';

export const later = {
  avatars: () => import('./avatars'),
  calls: () => import('./calls'),
  gallery: () => import('./gallery'),
  group: () => import('./group'),
  joining: () => import('./joining'),
  person: () => import('./person'),
  scheduled: () => import('./scheduled'),
  statuses: () => import('./statuses'),
};
