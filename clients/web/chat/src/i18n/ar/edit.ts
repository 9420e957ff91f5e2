import type { edit as en } from '../en/edit';
import type { Words } from '../words';

export const edit: Words<typeof en> = { title: 'تعديل الرسالة', label: 'النص الجديد للرسالة', cancel: 'إلغاء التعديل', save: 'حفظ' };
