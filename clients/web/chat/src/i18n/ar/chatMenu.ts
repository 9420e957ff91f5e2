import type { chatMenu as en } from '../en/chatMenu';
import type { Words } from '../words';

export const chatMenu: Words<typeof en> = {
  label: 'خيارات هذه المحادثة',
  pin: 'تثبيت في الأعلى',
  unpin: 'إلغاء التثبيت',
  mute: { hours: 'كتم لمدة 8 ساعات', week: 'كتم لمدة أسبوع', always: 'كتم دائمًا' },
  unmute: 'إلغاء الكتم',
  archive: 'أرشفة',
  unarchive: 'إلغاء الأرشفة',
  markUnread: 'تحديد كغير مقروءة',
  markRead: 'تحديد كمقروءة',
  muted: 'مكتومة',
  pinned: 'مثبتة في الأعلى',
  marked: 'محددة كغير مقروءة',
  archived: 'المؤرشفة',
  leaveArchive: 'الخروج من الأرشيف',
};
