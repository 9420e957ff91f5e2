import type { pushed as en } from '../en/pushed';
import type { Words } from '../words';

export const pushed: Words<typeof en> = {
  newMessages: '新着メッセージ{count}件',
  mentioned: '{name}があなたをメンションしました',
  message: 'メッセージ',
};
