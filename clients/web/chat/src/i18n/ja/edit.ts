import type { edit as en } from '../en/edit';
import type { Words } from '../words';

export const edit: Words<typeof en> = {
  title: 'メッセージを編集',
  label: 'メッセージの新しい内容',
  cancel: '編集をキャンセル',
  save: '保存',
};
