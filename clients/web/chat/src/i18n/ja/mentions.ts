import type { mentions as en } from '../en/mentions';
import type { Words } from '../words';

export const mentions: Words<typeof en> = {
  list: 'メンションする人',
  found: '見つかりません | {count}人、上下キーで選択',
};
