import type { message as en } from '../en/message';
import type { Words } from '../words';

export const message: Words<typeof en> = {
  from: '{name}، {time}',
  fromYou: 'أنت، {time}',
  deleted: 'تم حذف هذه الرسالة',
  edited: 'عُدّلت {time}',
  reactions: 'التفاعلات',
  kinds: {
    image: 'صورة',
    video: 'فيديو',
    audio: 'مقطع صوتي',
    voice: 'رسالة صوتية',
    document: 'مستند',
    location: 'موقع',
    contact: 'جهة اتصال',
    unknown: 'رسالة من نوع لا تستطيع هذه الصفحة عرضه',
  },
  reply: 'رد',
  toStatus: 'الحالة',
  replyGone: 'رسالة لم تُحمّل',
  copied: 'تم النسخ.',
  copyFailed: 'تعذر نسخ النص. حدده وانسخه من مكانه.',
  jump: 'الانتقال إلى الرسالة المقتبسة:',
  retry: 'إعادة الإرسال',
  delete: 'حذف',
  notSent: 'لم تُرسل.',
};
