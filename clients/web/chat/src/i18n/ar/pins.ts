import type { pins as en } from '../en/pins';
import type { Words } from '../words';

export const pins: Words<typeof en> = { pinned: 'مثبتة', bar: 'رسالة مثبتة', of: '{at} من {count}', next: 'الانتقال إلى الرسالة المثبتة:' };
