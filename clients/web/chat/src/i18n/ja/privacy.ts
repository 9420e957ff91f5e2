import type { privacy as en } from '../en/privacy';
import type { Words } from '../words';

export const privacy: Words<typeof en> = {
  seen: '公開範囲',
  seenText: '連絡先とは、あなたが連絡先に登録した人のことです。',
  of: {
    lastSeen: '最終オンライン',
    profilePhoto: 'プロフィール写真',
    about: '自己紹介',
    calls: 'あなたに通話できる人',
  },
  audiences: { everyone: '全員', contacts: '連絡先', nobody: 'なし' },
  receipts: '既読',
  receiptsText: 'オフにすると、あなたの既読は誰にも表示されません。1対1のトークでは、相手の既読も表示されなくなります。',
  receiptsOn: '既読を相手に知らせる',
  blocked: 'ブロックした人',
  blockedText: '1対1のトークや通話ができなくなり、あなたの写真やオンライン状態も表示されません。相手には通知されません。',
  nobodyBlocked: 'ブロックしている人はいません。',
  unblock: 'ブロックを解除',
  unblockOne: '{name}のブロックを解除',
  unblocked: '{name}のブロックを解除しました。',
};
