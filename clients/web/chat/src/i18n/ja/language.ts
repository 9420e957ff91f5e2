import type { language as en } from '../en/language';
import type { Words } from '../words';

export const language: Words<typeof en> = { label: '言語', browser: 'ブラウザの言語' };
