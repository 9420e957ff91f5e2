import type { gallery as en } from '../en/gallery';
import type { Words } from '../words';

export const gallery: Words<typeof en> = {
  title: 'الوسائط والملفات والروابط',
  kinds: 'ما تمت مشاركته',
  tabs: { media: 'الوسائط', files: 'الملفات', links: 'الروابط' },
  none: {
    media: 'لا توجد صور أو مقاطع فيديو بعد.',
    files: 'لا توجد ملفات بعد.',
    links: 'لم يُعثر على روابط.',
  },
  loading: 'جارٍ التحميل…',
  failed: 'تعذر تحميل ذلك.',
  more: 'عرض المزيد',
  lookedBack: 'تم البحث حتى {day}.',
  further: 'البحث في الأقدم',
  showInChat: 'عرض في المحادثة: {name}',
  from: '{name}، {day}',
  play: 'تشغيل فيديو {from}',
  open: 'فتح صورة {from}',
};
