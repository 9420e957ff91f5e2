import type { receipts as en } from '../en/receipts';
import type { Words } from '../words';

export const receipts: Words<typeof en> = {
  title: 'معلومات الرسالة',
  loading: 'جارٍ معرفة من وصلته…',
  failed: 'تعذر تحميل ذلك.',
  read: 'لم يقرأها أحد | قرأها شخص واحد | قرأها شخصان | قرأها {count} أشخاص | قرأها {count} شخصًا | قرأها {count} شخص',
  delivered:
    'لم تصل إلى غيرهم | وصلت إلى شخص واحد | وصلت إلى شخصين | وصلت إلى {count} أشخاص | وصلت إلى {count} شخصًا | وصلت إلى {count} شخص',
  by: '{day} قبل {time}',
  waiting:
    'وصلت إلى الجميع. | لم تصل بعد إلى شخص واحد. | لم تصل بعد إلى شخصين. | لم تصل بعد إلى {count} أشخاص. | لم تصل بعد إلى {count} شخصًا. | لم تصل بعد إلى {count} شخص.',
  more: 'عرض المزيد',
};
