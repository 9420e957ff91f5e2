import type { starred as en } from '../en/starred';
import type { Words } from '../words';

export const starred: Words<typeof en> = {
  title: 'الرسائل المميزة بنجمة',
  loading: 'جارٍ التحميل…',
  failed: 'تعذر تحميلها.',
  none: 'لا توجد رسائل مميزة بعد. ميّز رسالة بنجمة من قائمتها.',
  noText: 'رسالة بلا نص',
  more: 'عرض المزيد',
};
