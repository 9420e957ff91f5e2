import type { ChatSummary } from '@chat/sdk';
import { computed, type Ref } from 'vue';
import { useI18n } from 'vue-i18n';
import { useConnection } from '../connection/useConnection';
import { isJustNow, lastSeenTime } from '../i18n/time';
import { useNow } from '../i18n/useNow';
import { typingText } from './presenceText';

/** Who types, and whether the other one of a direct chat is here. */
export function usePresenceText(chat: Readonly<Ref<ChatSummary | undefined>>) {
  const { t, locale } = useI18n();
  const { nameOf, presenceOf, typistsOf } = useConnection();
  const now = useNow();

  const typing = computed(() => {
    const names = (chat.value ? typistsOf(chat.value.chatId) : []).map((id) => nameOf(id) ?? t('system.someone'));
    const text = typingText(names, chat.value?.kind === 'direct');
    return text ? t(text.key, text.params, text.params.count ?? 1) : '';
  });
  const presence = computed(() => (chat.value?.peerId == null ? undefined : presenceOf(chat.value.peerId)));
  const online = computed(() => presence.value?.online === true);
  const seen = computed(() => {
    if (online.value) return t('presence.online');
    const at = presence.value?.lastSeenMs;
    if (at == null) return '';
    if (isJustNow(at, now.value)) return t('presence.lastSeenNow');
    return t('presence.lastSeen', { when: lastSeenTime(at, now.value, locale.value, (day, time) => t('presence.at', { day, time })) });
  });
  return { typing, online, seen };
}
