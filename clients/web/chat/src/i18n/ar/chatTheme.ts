import type { chatTheme as en } from '../en/chatTheme';
import type { Words } from '../words';

export const chatTheme: Words<typeof en> = {
  title: 'ألوان المحادثة',
  text: 'ألوانك تراها وحدك، على جميع أجهزتك.',
  textDirect: 'تراها وحدك، على جميع أجهزتك.',
  forMe: 'لي',
  forAll: 'لجميع من هنا',
  likeAll: 'مثل الجميع',
  themes: { default: 'الافتراضي', ocean: 'المحيط', violet: 'بنفسجي', rose: 'وردي', amber: 'كهرماني', graphite: 'رمادي' },
};
