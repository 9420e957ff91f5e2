import type { mentions as en } from '../en/mentions';
import type { Words } from '../words';

export const mentions: Words<typeof en> = {
  list: 'أشخاص للإشارة إليهم',
  found:
    'لم يُعثر على أحد | شخص واحد، اختر بالسهمين | شخصان، اختر بالسهمين | {count} أشخاص، اختر بالسهمين | {count} شخصًا، اختر بالسهمين | {count} شخص، اختر بالسهمين',
};
