import type { gallery as en } from '../en/gallery';
import type { Words } from '../words';

export const gallery: Words<typeof en> = {
  title: 'メディア、ファイル、リンク',
  kinds: '共有したものの種類',
  tabs: { media: 'メディア', files: 'ファイル', links: 'リンク' },
  none: {
    media: '写真や動画はまだありません。',
    files: 'ファイルはまだありません。',
    links: 'リンクは見つかりませんでした。',
  },
  loading: '読み込み中…',
  failed: '読み込めませんでした。',
  more: 'もっと見る',
  lookedBack: '{day}までさかのぼりました。',
  further: 'さらにさかのぼる',
  showInChat: 'トークで表示：{name}',
  from: '{name}、{day}',
  play: '動画を再生：{from}',
  open: '写真を開く：{from}',
};
