import type { account as en } from '../en/account';
import type { Words } from '../words';

export const account: Words<typeof en> = {
  menu: 'الحساب والإعدادات',
  profile: 'الملف الشخصي',
  scheduled: 'الرسائل المجدولة',
  signOut: 'تسجيل الخروج',
  signOutEverywhere: 'تسجيل الخروج من كل الأجهزة',
  signOutEverywhereText: 'سيتم تسجيل خروجك من جميع أجهزتك، ومن هذا الجهاز أيضًا. وستُفقد الرسائل التي لم تُرسل بعد.',
};
