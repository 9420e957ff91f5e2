import type { avatars as en } from '../en/avatars';
import type { Words } from '../words';

export const avatars: Words<typeof en> = {
  profile: 'プロフィール',
  hint: '写真を見られる人は、プライバシー設定（全員、連絡先、なし）で決まります。',
  add: '写真を追加',
  change: '写真を変更',
  remove: '写真を削除',
  removeTitle: 'この写真を削除しますか？',
  removeText: '代わりにイニシャルが表示されます。',
  refused: 'ここで使えるのは画像だけです。',
  crop: {
    title: '表示する範囲を選択',
    text: '画像をドラッグするか、矢印キーを使うか、中心にしたい所をタップしてください。',
    area: '画像の表示範囲（矢印キーで移動）',
    zoom: '拡大',
    save: 'この写真を使う',
    unreadable: 'この画像はここでは読み込めません。別の画像を選んでください。',
  },
};
