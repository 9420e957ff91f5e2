import type { person as en } from '../en/person';
import type { Words } from '../words';

export const person: Words<typeof en> = {
  title: 'معلومات',
  contact: 'الاحتفاظ به كجهة اتصال',
  contactText: 'ترى جهات الاتصال حالات بعضها إذا احتفظ كل طرف بالآخر.',
  about: 'نبذة',
  shared: 'الوسائط والملفات والروابط',
};
