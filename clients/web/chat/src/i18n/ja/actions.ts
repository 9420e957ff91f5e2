import type { actions as en } from '../en/actions';
import type { Words } from '../words';

export const actions: Words<typeof en> = {
  menu: 'このメッセージの操作',
  more: 'その他の操作',
  reply: '返信',
  edit: '編集',
  copy: 'テキストをコピー',
  forward: '転送',
  star: 'スターを付ける',
  unstar: 'スターを外す',
  pin: '全員にピン留め',
  unpin: 'ピン留めを解除',
  info: 'メッセージ情報',
  delete: '削除',
  starred: 'スター付き',
  deleteTitle: 'このメッセージを削除しますか？',
  deleteText:
    '全員から削除すると、代わりに「このメッセージは削除されました」と表示されます。自分からだけ削除すると、あなたのすべての端末から消え、相手には残ります。どちらも元に戻せません。',
  deleteForMeText: 'あなたのすべての端末から消え、相手には残ります。元に戻せません。',
  deleteForAll: '全員から削除',
  deleteForMe: '自分から削除',
};
