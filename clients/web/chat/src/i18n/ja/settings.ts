import type { settings as en } from '../en/settings';
import type { Words } from '../words';

export const settings: Words<typeof en> = {
  back: '設定に戻る',
  pick: '設定',
  pickText: '確認または変更する項目を選んでください。',
  loading: '読み込み中…',
  failed: '読み込めませんでした。',
  themeText: 'この端末にだけ保存されます。',
  languageText: '言語もこの端末にだけ保存されます。',
  sections: {
    profile: { title: 'プロフィール', text: '名前、写真、自己紹介、メールアドレス、電話番号' },
    privacy: { title: 'プライバシー', text: '公開範囲、既読、ブロックした人' },
    contacts: { title: '連絡先', text: '登録した人と表示名' },
    devices: { title: '端末', text: 'ログイン中の端末' },
    security: { title: 'セキュリティ', text: 'パスワード、2段階認証、パスキー' },
    notifications: { title: '通知', text: '通知の内容、音、通知オフのトーク、アプリ' },
    appearance: { title: '表示と言語', text: 'ページのテーマと言語' },
  },
};
