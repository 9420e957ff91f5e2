import type { newChat as en } from '../en/newChat';
import type { Words } from '../words';

export const newChat: Words<typeof en> = {
  title: 'محادثة جديدة',
  text: 'أدخل البريد الإلكتروني أو رقم الهاتف الكامل للشخص.',
  login: 'البريد الإلكتروني أو الهاتف',
  find: 'بحث',
  finding: 'جارٍ البحث…',
  start: 'محادثة مع {name}',
  yourself: 'هذا أنت. أدخل البريد الإلكتروني أو الهاتف لشخص آخر.',
  groupTitle: 'مجموعة جديدة',
  channelTitle: 'قناة جديدة',
  joinTitle: 'الانضمام برابط أو اسم',
  groupName: 'اسم المجموعة',
  addPeople: 'إضافة أشخاص',
  members: 'الأعضاء',
  noMembers: 'لم تُضف أحدًا بعد.',
  removeMember: 'إزالة {name}',
  create: 'إنشاء المجموعة',
  creating: 'جارٍ الإنشاء…',
  nameRequired: 'أدخل اسمًا للمجموعة.',
};
