import type { ChatItem } from '@chat/sdk';
import { useI18n } from 'vue-i18n';
import { chatName } from '../chat-list/chatText';
import { useConnection } from '../connection/useConnection';

/** Who says something, by name: in a channel the channel itself, whose writers its readers need not know. Names that come later change it. */
export function useSenderName(): (item: Pick<ChatItem, 'chatId' | 'senderId'>) => string {
  const { t } = useI18n();
  const { client, nameOf } = useConnection();
  return ({ chatId, senderId }) => {
    const { summary } = client.chat(chatId);
    if (summary?.kind === 'channel') return chatName(summary, t('chats.untitled'));
    return nameOf(senderId) ?? t('system.someone');
  };
}
