import type { profile as en } from '../en/profile';
import type { Words } from '../words';

export const profile: Words<typeof en> = {
  shown: 'ما يراه الآخرون',
  name: 'الاسم',
  about: 'نبذة',
  saved: 'تم حفظ ملفك الشخصي.',
  addresses: 'البريد الإلكتروني والهاتف',
  addressesText: 'تسجّل بهما الدخول، ويمكن لمن يعرف أحدهما العثور عليك. ولا يُرسل رمز كلمة مرور جديدة إلا إلى ما تم التحقق منه.',
  email: 'البريد الإلكتروني',
  phone: 'الهاتف',
  none: 'لم تتم إضافته',
  verified: 'تم التحقق',
  verify: 'التحقق من {address}',
  verifyShort: 'تحقق',
  sentTo: 'أُرسل رمز إلى {to}.',
  code: 'الرمز',
  confirm: 'تأكيد',
  again: 'إرسال رمز آخر',
  nowVerified: 'تم التحقق من {address}.',
};
