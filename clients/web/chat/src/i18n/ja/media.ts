import type { media as en } from '../en/media';
import type { Words } from '../words';

export const media: Words<typeof en> = {
  openImage: '写真を開く：{name}',
  openVideo: '動画を再生：{name}',
  imageGone: 'この写真はもうありません。',
  videoGone: 'この動画はもうありません。',
  soundGone: 'この録音はもうありません。',
  loadAgain: '読み込めませんでした。再試行',
  file: 'ファイル',
  download: '{name}をダウンロード',
  save: 'ダウンロード',
  openMap: '地図を開く',
  play: '{name}を再生',
  pause: '{name}を一時停止',
  seek: '{name}の再生位置',
  position: '{of}中{time}',
  rate: '再生速度{rate}×、変更',
  imageFrom: '{name}からの写真',
  videoFrom: '{name}からの動画',
  fullSize: '実際のサイズ',
  previous: '前へ',
  next: '次へ',
};
