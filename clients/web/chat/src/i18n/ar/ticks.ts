import type { ticks as en } from '../en/ticks';
import type { Words } from '../words';

export const ticks: Words<typeof en> = {
  queued: 'في انتظار الإرسال',
  sending: 'جارٍ الإرسال',
  sent: 'تم الإرسال',
  delivered: 'تم التسليم',
  read: 'تمت القراءة',
  failed: 'لم تُرسل',
};
