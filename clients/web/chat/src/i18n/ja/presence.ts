import type { presence as en } from '../en/presence';
import type { Words } from '../words';

export const presence: Words<typeof en> = {
  online: 'オンライン',
  lastSeen: '最終ログイン {when}',
  lastSeenNow: '最終ログイン たった今',
  at: '{day} {time}',
  typing: '入力中…',
  typingOne: '{a}が入力中…',
  typingTwo: '{a}と{b}が入力中…',
  typingMany: '{count}人が入力中…',
};
