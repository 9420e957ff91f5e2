import type { connection as en } from '../en/connection';
import type { Words } from '../words';

export const connection: Words<typeof en> = {
  connecting: 'جارٍ الاتصال…',
  reconnecting: 'انقطع الاتصال. جارٍ إعادة الاتصال…',
  waiting: 'لا يوجد اتصال ({reason}). إعادة المحاولة خلال {seconds} ث.',
  offline: 'أنت غير متصل بالإنترنت. ستُرسل رسائلك عند عودة الاتصال.',
  offlineTitle: 'أنت غير متصل بالإنترنت',
  offlineText: 'ستظهر محادثاتك عند عودة الاتصال.',
  closed: 'انتهى الاتصال: {reason}.',
  signInAgain: 'تسجيل الدخول مجددًا',
  reasons: {
    network: 'خلل في الشبكة',
    server: 'الخادم يعيد التشغيل',
    overloaded: 'الخادم مشغول',
    storage: 'وحدة تخزين الخادم لا تستجيب',
    slow: 'كان الاتصال بطيئًا جدًا',
    idle: 'توقف الاتصال عن الاستجابة',
    revoked: 'تم تسجيل خروجك',
    blocked: 'هذا الحساب محظور',
    token: 'انتهت صلاحية تسجيل دخولك',
    client: 'هذه الصفحة قديمة، أعد تحميلها',
  },
};
