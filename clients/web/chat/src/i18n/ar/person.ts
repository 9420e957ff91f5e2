import type { person as en } from '../en/person';
import type { Words } from '../words';

export const person: Words<typeof en> = {
  title: 'معلومات',
  contact: 'الاحتفاظ به كجهة اتصال',
  contactText: 'ترى جهات الاتصال حالات بعضها إذا احتفظ كل طرف بالآخر.',
  about: 'نبذة',
  shared: 'الوسائط والملفات والروابط',
  block: 'حظر {name}',
  unblock: 'إلغاء حظر {name}',
  blockAction: 'حظر',
  blockTitle: 'حظر {name}؟',
  blockText: 'لن يتمكن من مراسلتك في محادثة خاصة أو الاتصال بك، ولن يرى صورتك أو وقت ظهورك. ولن يعلم بذلك.',
};
