import type { pushed as en } from '../en/pushed';
import type { Words } from '../words';

export const pushed: Words<typeof en> = {
  newMessages: 'لا رسائل جديدة | رسالة جديدة | رسالتان جديدتان | {count} رسائل جديدة | {count} رسالة جديدة | {count} رسالة جديدة',
  mentioned: 'أشار إليك {name}',
  message: 'رسالة',
};
