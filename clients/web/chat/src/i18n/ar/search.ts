import type { search as en } from '../en/search';
import type { Words } from '../words';

export const search: Words<typeof en> = {
  messages: 'الرسائل',
  searching: 'جارٍ البحث في الرسائل…',
  failed: 'تعذر البحث في الرسائل.',
  found:
    'لا توجد رسالة تحتوي على هذه الكلمات. | عُثر على رسالة واحدة | عُثر على رسالتين | عُثر على {count} رسائل | عُثر على {count} رسالة | عُثر على {count} رسالة',
  more: 'عرض المزيد',
  tooFar: 'لم تعد هذه الرسالة هنا، أو أنها قديمة جدًا.',
};
