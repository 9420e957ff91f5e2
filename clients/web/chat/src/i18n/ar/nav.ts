import type { nav as en } from '../en/nav';
import type { Words } from '../words';

export const nav: Words<typeof en> = {
  label: 'أقسام الصفحة',
  chats: 'المحادثات',
  statuses: 'الحالة',
  calls: 'المكالمات',
  notices: 'النشاط',
  unreadChats:
    'لا محادثات غير مقروءة | محادثة واحدة غير مقروءة | محادثتان غير مقروءتين | {count} محادثات غير مقروءة | {count} محادثة غير مقروءة | {count} محادثة غير مقروءة',
  unseenStatuses: 'حالات جديدة',
  missedCalls:
    'لا مكالمات فائتة | مكالمة فائتة واحدة | مكالمتان فائتتان | {count} مكالمات فائتة | {count} مكالمة فائتة | {count} مكالمة فائتة',
  newNotices: 'لا جديد | نشاط جديد | نشاطان جديدان | {count} أنشطة جديدة | {count} نشاطًا جديدًا | {count} نشاط جديد',
};
