import type { settings as en } from '../en/settings';
import type { Words } from '../words';

export const settings: Words<typeof en> = {
  back: 'العودة إلى الإعدادات',
  pick: 'الإعدادات',
  pickText: 'اختر ما تريد الاطلاع عليه أو تغييره.',
  loading: 'جارٍ التحميل…',
  failed: 'تعذر تحميل ذلك.',
  themeText: 'يُحفظ على هذا الجهاز فقط.',
  languageText: 'تُحفظ هي أيضًا على هذا الجهاز فقط.',
  sections: {
    profile: { title: 'الملف الشخصي', text: 'الاسم والصورة والنبذة والبريد الإلكتروني والهاتف' },
    privacy: { title: 'الخصوصية', text: 'من يرى ماذا، ومؤشرات القراءة، والمحظورون' },
    contacts: { title: 'جهات الاتصال', text: 'الأشخاص الذين تحتفظ بهم، بالأسماء التي تختارها' },
    devices: { title: 'الأجهزة', text: 'أين سجّلت الدخول' },
    security: { title: 'الأمان', text: 'كلمة المرور والتحقق بخطوتين ومفاتيح المرور' },
    notifications: { title: 'التنبيهات', text: 'ما تُنبَّه إليه، والأصوات، والمحادثات المكتومة، والتطبيق' },
    appearance: { title: 'المظهر واللغة', text: 'شكل الصفحة ولغتها' },
  },
};
