import type { chats as en } from '../en/chats';
import type { Words } from '../words';

export const chats: Words<typeof en> = {
  title: 'المحادثات',
  listLabel: 'المحادثات',
  search: 'البحث في المحادثات والرسائل',
  clearSearch: 'مسح البحث',
  new: 'محادثة جديدة',
  newMenu: 'محادثة أو مجموعة جديدة',
  empty: 'لا توجد محادثات بعد',
  emptyText: 'ابحث عن شخص ببريده الإلكتروني أو رقم هاتفه وألقِ التحية.',
  nothingFound: 'لا توجد محادثة تطابق «{query}».',
  unread:
    'لا رسائل غير مقروءة | رسالة واحدة غير مقروءة | رسالتان غير مقروءتين | {count} رسائل غير مقروءة | {count} رسالة غير مقروءة | {count} رسالة غير مقروءة',
  mentions: 'لا إشارات إليك | إشارة واحدة إليك | إشارتان إليك | {count} إشارات إليك | {count} إشارة إليك | {count} إشارة إليك',
  filter: 'تصفية المحادثات',
  filterAll: 'الكل',
  filterUnread: 'غير المقروءة',
  noneUnread: 'لا توجد محادثات غير مقروءة.',
  allArchived: 'كل محادثاتك في الأرشيف.',
  unreadChats: 'لا شيء غير مقروء | واحدة غير مقروءة | اثنتان غير مقروءتين | {count} غير مقروءة | {count} غير مقروءة | {count} غير مقروءة',
  loading: 'جارٍ تحميل المحادثات…',
  draft: 'مسودة: {text}',
  previewOwn: 'أنت: {text}',
  previewBy: '\u200f{name}: {text}',
  pick: 'اختر محادثة',
  pickText: 'اختر محادثة من القائمة أو ابدأ محادثة جديدة.',
  untitled: 'محادثة',
};
