import type { presence as en } from '../en/presence';
import type { Words } from '../words';

export const presence: Words<typeof en> = {
  online: 'متصل الآن',
  lastSeen: 'آخر ظهور {when}',
  lastSeenNow: 'آخر ظهور قبل لحظات',
  at: '{day} في {time}',
  typing: 'يكتب…',
  typingOne: '{a} يكتب…',
  typingTwo: '{a} و{b} يكتبان…',
  typingMany: 'لا أحد يكتب | شخص واحد يكتب… | شخصان يكتبان… | {count} أشخاص يكتبون… | {count} شخصًا يكتبون… | {count} شخص يكتبون…',
};
