import type { chats as en } from '../en/chats';
import type { Words } from '../words';

export const chats: Words<typeof en> = {
  title: 'トーク',
  listLabel: 'トーク',
  search: 'トークとメッセージを検索',
  clearSearch: '検索をクリア',
  new: '新しいトーク',
  newMenu: '新しいトークまたはグループ',
  empty: 'トークはまだありません',
  emptyText: 'メールアドレスか電話番号で友だちを探して、話しかけてみましょう。',
  nothingFound: '「{query}」に一致するトークはありません。',
  unread: '未読メッセージ{count}件',
  mentions: 'あなたへのメンション{count}件',
  filter: 'トークの絞り込み',
  filterAll: 'すべて',
  filterUnread: '未読',
  noneUnread: '未読のトークはありません。',
  allArchived: 'すべてのトークがアーカイブされています。',
  unreadChats: '未読{count}件',
  loading: 'トークを読み込み中…',
  draft: '下書き：{text}',
  previewOwn: '自分：{text}',
  previewBy: '{name}：{text}',
  pick: 'トークを選択',
  pickText: '一覧からトークを選ぶか、新しいトークを始めましょう。',
  untitled: 'トーク',
};
