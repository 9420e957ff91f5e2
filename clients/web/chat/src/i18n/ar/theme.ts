import type { theme as en } from '../en/theme';
import type { Words } from '../words';

export const theme: Words<typeof en> = { label: 'المظهر', system: 'مظهر النظام', light: 'فاتح', dark: 'داكن' };
