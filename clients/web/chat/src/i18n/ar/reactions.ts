import type { reactions as en } from '../en/reactions';
import type { Words } from '../words';

export const reactions: Words<typeof en> = {
  title: 'تفاعل',
  react: 'تفاعل',
  quick: 'تفاعلات سريعة',
  with: 'التفاعل بـ {emoji}',
  takeBack: 'إزالة {emoji}',
  other: 'رموز تعبيرية أخرى',
  more: 'لا أحد آخر | شخص آخر | شخصان آخران | {count} آخرون | {count} آخر | {count} آخر',
  chip: '{emoji}، لا أحد | {emoji}، شخص واحد | {emoji}، شخصان | {emoji}، {count} أشخاص | {emoji}، {count} شخصًا | {emoji}، {count} شخص',
  chipBy: '{emoji}، {who}',
  groups: {
    faces: 'وجوه',
    hands: 'أيدٍ وأشخاص',
    hearts: 'قلوب ولمعان',
    nature: 'طبيعة',
    food: 'طعام',
    things: 'أشياء',
    signs: 'علامات',
  },
};
