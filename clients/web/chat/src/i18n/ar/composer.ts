import type { composer as en } from '../en/composer';
import type { Words } from '../words';

export const composer: Words<typeof en> = {
  label: 'رسالة إلى {name}',
  placeholder: 'اكتب رسالة',
  send: 'إرسال',
  later: 'إرسال لاحقًا…',
  scheduled: 'لا رسائل مجدولة | رسالة مجدولة واحدة | رسالتان مجدولتان | {count} رسائل مجدولة | {count} رسالة مجدولة | {count} رسالة مجدولة',
  scheduledFailed:
    'لا رسائل مجدولة | رسالة مجدولة واحدة تعذر إرسالها | رسالتان مجدولتان تعذر إرسال بعضها | {count} رسائل مجدولة تعذر إرسال بعضها | {count} رسالة مجدولة تعذر إرسال بعضها | {count} رسالة مجدولة تعذر إرسال بعضها',
  cancelReply: 'إلغاء الرد',
  removePreview: 'إزالة معاينة الرابط',
  tooLong:
    'أطول من المسموح | أطول من المسموح ببايت واحد | أطول من المسموح ببايتين | أطول من المسموح بـ {count} بايتات | أطول من المسموح بـ {count} بايتًا | أطول من المسموح بـ {count} بايت',
};
