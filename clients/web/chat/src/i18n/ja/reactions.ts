import type { reactions as en } from '../en/reactions';
import type { Words } from '../words';

export const reactions: Words<typeof en> = {
  title: 'リアクション',
  react: 'リアクション',
  quick: 'よく使うリアクション',
  with: '{emoji}でリアクション',
  takeBack: '{emoji}を取り消す',
  other: 'ほかの絵文字',
  more: 'ほか{count}人',
  chip: '{emoji}、{count}人',
  chipBy: '{emoji}、{who}',
  groups: {
    faces: '顔',
    hands: '手と人',
    hearts: 'ハートとキラキラ',
    nature: '自然',
    food: '食べ物',
    things: 'もの',
    signs: '記号',
  },
};
