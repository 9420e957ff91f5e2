import type { find as en } from '../en/find';
import type { Words } from '../words';

export const find: Words<typeof en> = {
  label: 'البحث في هذه المحادثة',
  place: '{at} من {count}',
  placeMore: '{at} من {count}+',
  none: 'لا توجد رسالة تحتوي على هذه الكلمات.',
  searching: 'جارٍ البحث…',
  failed: 'تعذر البحث في الرسائل.',
  older: 'النتيجة السابقة في الأعلى',
  newer: 'النتيجة التالية في الأسفل',
  close: 'إغلاق البحث في هذه المحادثة',
};
