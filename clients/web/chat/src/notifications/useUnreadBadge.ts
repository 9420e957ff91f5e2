import { computed, onScopeDispose, watchEffect } from 'vue';
import { useI18n } from 'vue-i18n';
import { isMuted, isUnread } from '../chat-list/menu/chatActions';
import type { Connection } from '../connection/useConnection';
import { useNow } from '../i18n/useNow';

/** What is unread where one sees it without looking at the page: in the window's title, on its icon, and on that of the installed app. */
export function useUnreadBadge({ chats }: Pick<Connection, 'chats'>): void {
  const { t, n } = useI18n();
  const now = useNow();
  const messages = computed(() => chats.value.reduce((sum, chat) => sum + chat.unread, 0));
  /** As a push counts them. */
  const unreadChats = computed(
    () => chats.value.filter((chat) => isUnread(chat) && !isMuted(chat, now.value) && !chat.own.archived).length,
  );
  watchEffect(() => {
    const count = messages.value;
    document.title = count > 0 ? t('app.titleUnread', { count: count > 99 ? `${n(99)}+` : count }) : t('app.name');
  });
  watchEffect(() => mark(unreadChats.value));
  onScopeDispose(() => {
    document.title = t('app.name');
    mark(0);
  });
}

function mark(count: number): void {
  const icon = document.querySelector<HTMLLinkElement>('link[rel=icon]');
  const href = count > 0 ? '/icon-unread.svg' : '/icon.svg';
  if (icon && icon.getAttribute('href') !== href) icon.href = href;
  const done = count > 0 ? navigator.setAppBadge?.(Math.min(count, 99)) : navigator.clearAppBadge?.();
  done?.catch(() => undefined); // a badge is a hint; some systems have none
}
