import type { common as en } from '../en/common';
import type { Words } from '../words';

export const common: Words<typeof en> = {
  cancel: 'إلغاء',
  close: 'إغلاق',
  save: 'حفظ',
  retry: 'إعادة المحاولة',
  notLoaded: 'تعذر تحميل هذا الجزء من الصفحة.',
  you: 'أنت',
  dismiss: 'تجاهل',
  back: 'العودة إلى المحادثات',
};
