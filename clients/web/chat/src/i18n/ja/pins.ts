import type { pins as en } from '../en/pins';
import type { Words } from '../words';

export const pins: Words<typeof en> = {
  pinned: 'ピン留め',
  bar: 'ピン留めメッセージ',
  of: '{at}/{count}',
  next: 'ピン留めメッセージへ移動：',
};
