import type { app as en } from '../en/app';
import type { Words } from '../words';

export const app: Words<typeof en> = {
  name: 'Chat',
  tagline: '一度だけ、順番どおりに届き、残り続けるメッセージ。',
  loading: '読み込み中…',
  titleUnread: '({count}) Chat',
};
