import { onScopeDispose, watchEffect } from 'vue';
import { useI18n } from 'vue-i18n';
import type { Connection } from '../connection/useConnection';

/** Unread total in the window title, where a person with many tabs sees it. */
export function useTitleBadge({ chats }: Pick<Connection, 'chats'>): void {
  const { t, n } = useI18n();
  watchEffect(() => {
    const count = chats.value.reduce((sum, chat) => sum + chat.unread, 0);
    document.title = count > 0 ? t('app.titleUnread', { count: count > 99 ? `${n(99)}+` : count }) : t('app.name');
  });
  onScopeDispose(() => (document.title = t('app.name')));
}
