import type { chatTheme as en } from '../en/chatTheme';
import type { Words } from '../words';

export const chatTheme: Words<typeof en> = {
  title: 'トークの配色',
  text: '自分用の配色は自分だけに、すべての端末で表示されます。',
  textDirect: '自分だけに、すべての端末で表示されます。',
  forMe: '自分用',
  forAll: '全員用',
  likeAll: '全員と同じ',
  themes: { default: '標準', ocean: 'オーシャン', violet: 'バイオレット', rose: 'ローズ', amber: 'アンバー', graphite: 'グラファイト' },
};
