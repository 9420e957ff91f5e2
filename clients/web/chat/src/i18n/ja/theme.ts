import type { theme as en } from '../en/theme';
import type { Words } from '../words';

export const theme: Words<typeof en> = { label: 'テーマ', system: 'システムに合わせる', light: 'ライト', dark: 'ダーク' };
