import type { devices as en } from '../en/devices';
import type { Words } from '../words';

export const devices: Words<typeof en> = {
  here: 'هذا الجهاز',
  others: 'الأجهزة الأخرى',
  othersText: 'إذا وجدت جهازًا لا تعرفه، فسجّل خروجه وغيّر كلمة المرور.',
  noOthers: 'لم تسجّل الدخول من أي جهاز آخر.',
  since: 'تسجيل الدخول: {day}',
  active: 'آخر نشاط: {when}',
  unnamed: 'جهاز بلا اسم',
  signOut: 'تسجيل الخروج',
  signOutOne: 'تسجيل خروج {name}',
  oneTitle: 'تسجيل خروج {name}؟',
  oneText: 'سيتم تسجيل خروجه فورًا، وستُفقد الرسائل التي لم تُرسل منه بعد.',
  oneDone: 'تم تسجيل خروج {name}.',
  signOutOthers: 'تسجيل خروج كل الأجهزة الأخرى',
  othersTitle: 'تسجيل خروج كل الأجهزة الأخرى؟',
  othersDone: 'أنت الآن مسجّل الدخول من هذا الجهاز فقط.',
  signOutEverywhere: 'تسجيل الخروج من كل الأجهزة',
  everywhereText: 'سيتم تسجيل خروجك من جميع أجهزتك، ومن هذا الجهاز أيضًا. وستُفقد الرسائل التي لم تُرسل بعد.',
};
