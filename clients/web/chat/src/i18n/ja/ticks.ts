import type { ticks as en } from '../en/ticks';
import type { Words } from '../words';

export const ticks: Words<typeof en> = {
  queued: '送信待ち',
  sending: '送信中',
  sent: '送信済み',
  delivered: '配信済み',
  read: '既読',
  failed: '送信できませんでした',
};
