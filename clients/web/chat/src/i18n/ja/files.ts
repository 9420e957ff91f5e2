import type { files as en } from '../en/files';
import type { Words } from '../words';

export const files: Words<typeof en> = {
  attach: 'ファイルを添付',
  media: '写真と動画',
  document: 'ドキュメント',
  tray: '送信するファイル',
  caption: 'キャプションを追加',
  uploaded: '{size}中{percent}%',
  sending: '送信中…',
  progress: '{name}のアップロード',
  remove: '{name}を削除',
  retry: '{name}を再試行',
  drop: 'ここにファイルをドロップして送信',
};
