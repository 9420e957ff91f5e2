import type { files as en } from '../en/files';
import type { Words } from '../words';

export const files: Words<typeof en> = {
  attach: 'إرفاق ملف',
  media: 'الصور ومقاطع الفيديو',
  document: 'مستند',
  tray: 'ملفات للإرسال',
  caption: 'إضافة تعليق',
  uploaded: '{percent}٪ من {size}',
  sending: 'جارٍ الإرسال…',
  progress: 'رفع {name}',
  remove: 'إزالة {name}',
  retry: 'إعادة محاولة {name}',
  drop: 'أفلت الملفات هنا لإرسالها',
};
