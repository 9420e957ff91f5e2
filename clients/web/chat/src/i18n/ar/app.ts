import type { app as en } from '../en/app';
import type { Words } from '../words';

export const app: Words<typeof en> = {
  name: 'Chat',
  tagline: 'رسائل تصل مرة واحدة، بترتيبها، وتبقى.',
  loading: 'جارٍ التحميل…',
  titleUnread: '({count}) Chat',
};
