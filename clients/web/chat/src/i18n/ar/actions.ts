import type { actions as en } from '../en/actions';
import type { Words } from '../words';

export const actions: Words<typeof en> = {
  menu: 'خيارات هذه الرسالة',
  more: 'المزيد من الخيارات',
  reply: 'رد',
  edit: 'تعديل',
  copy: 'نسخ النص',
  forward: 'إعادة توجيه',
  star: 'تمييز بنجمة',
  unstar: 'إزالة النجمة',
  pin: 'تثبيت للجميع',
  unpin: 'إلغاء التثبيت',
  info: 'معلومات الرسالة',
  delete: 'حذف',
  starred: 'مميزة بنجمة',
  deleteTitle: 'حذف هذه الرسالة؟',
  deleteText: 'لدى الجميع: تظهر مكانها عبارة «تم حذف هذه الرسالة». لديّ: تُحذف من كل أجهزتك وتبقى لدى الآخرين. لا يمكن التراجع في الحالتين.',
  deleteForMeText: 'تُحذف من كل أجهزتك وتبقى لدى الآخرين. لا يمكن التراجع عن ذلك.',
  deleteForAll: 'حذف لدى الجميع',
  deleteForMe: 'حذف لديّ',
};
