import type { media as en } from '../en/media';
import type { Words } from '../words';

export const media: Words<typeof en> = {
  openImage: 'فتح الصورة: {name}',
  openVideo: 'تشغيل الفيديو: {name}',
  imageGone: 'لم تعد هذه الصورة موجودة.',
  videoGone: 'لم يعد هذا الفيديو موجودًا.',
  soundGone: 'لم يعد هذا التسجيل موجودًا.',
  loadAgain: 'تعذر التحميل. أعد المحاولة',
  file: 'ملف',
  download: 'تنزيل {name}',
  save: 'تنزيل',
  openMap: 'فتح الخريطة',
  play: 'تشغيل {name}',
  pause: 'إيقاف {name} مؤقتًا',
  seek: 'الموضع في {name}',
  position: '{time} من {of}',
  rate: 'السرعة {rate}×، تغيير',
  imageFrom: 'صورة من {name}',
  videoFrom: 'فيديو من {name}',
  fullSize: 'الحجم الكامل',
  previous: 'السابق',
  next: 'التالي',
};
