import type { voice as en } from '../en/voice';
import type { Words } from '../words';

export const voice: Words<typeof en> = {
  label: 'رسالة صوتية',
  record: 'تسجيل رسالة صوتية',
  recording: 'جارٍ التسجيل. اضغط Escape للتخلص منه.',
  stop: 'إيقاف واستماع',
  cancel: 'التخلص من التسجيل',
  send: 'إرسال الرسالة الصوتية',
  time: 'المدة',
  denied: 'لا يُسمح لهذه الصفحة باستخدام الميكروفون. اسمح بذلك من إعدادات هذا الموقع في المتصفح، ثم أعد المحاولة.',
  missing: 'لا يوجد ميكروفون صالح للاستخدام. وصّل ميكروفونًا، ثم أعد المحاولة.',
};
