import type { privacy as en } from '../en/privacy';
import type { Words } from '../words';

export const privacy: Words<typeof en> = {
  seen: 'من يمكنه رؤية ذلك',
  seenText: 'جهات الاتصال هم الأشخاص الذين أضفتهم إلى جهات اتصالك.',
  of: {
    lastSeen: 'آخر ظهور لك',
    profilePhoto: 'صورتك',
    about: 'نبذتك',
    calls: 'من يمكنه الاتصال بك',
  },
  audiences: { everyone: 'الجميع', contacts: 'جهات اتصالي', nobody: 'لا أحد' },
  receipts: 'مؤشرات القراءة',
  receiptsText: 'إذا أوقفتها فلن يعرف أحد ما قرأته، ولن ترى أنت مؤشرات الطرف الآخر في المحادثات الفردية.',
  receiptsOn: 'إعلام الآخرين بما قرأته',
  blocked: 'المحظورون',
  blockedText: 'لا يمكنهم مراسلتك في محادثة خاصة أو الاتصال بك، ولا يرون صورتك أو وقت ظهورك. ولا يعلمون بذلك.',
  nobodyBlocked: 'لم تحظر أحدًا.',
  unblock: 'إلغاء الحظر',
  unblockOne: 'إلغاء حظر {name}',
  unblocked: 'تم إلغاء حظر {name}.',
};
