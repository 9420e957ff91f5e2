import type { starred as en } from '../en/starred';
import type { Words } from '../words';

export const starred: Words<typeof en> = {
  title: 'スター付きメッセージ',
  loading: '読み込み中…',
  failed: '読み込めませんでした。',
  none: 'スター付きのメッセージはまだありません。メッセージのメニューからスターを付けられます。',
  noText: 'テキストのないメッセージ',
  more: 'もっと見る',
};
