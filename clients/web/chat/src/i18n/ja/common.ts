import type { common as en } from '../en/common';
import type { Words } from '../words';

export const common: Words<typeof en> = {
  cancel: 'キャンセル',
  close: '閉じる',
  save: '保存',
  retry: '再試行',
  notLoaded: 'ページのこの部分を読み込めませんでした。',
  you: '自分',
  dismiss: '閉じる',
  back: 'トーク一覧に戻る',
};
