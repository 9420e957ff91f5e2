import type { ChatClient, ChatSettings } from '@chat/sdk';
import { isUnread, runChatAction } from './menu/chatActions';

/** Reads what is unread in all chats, also in those that the list has not loaded yet, and takes the marks away. */
export async function markAllRead(client: Pick<ChatClient, 'chats' | 'chat'>, settings: ChatSettings, nowMs: number): Promise<void> {
  while (client.chats.hasMore) await client.chats.loadMore();
  for (const chat of client.chats.items.filter(isUnread))
    await runChatAction('markRead', chat, settings, client.chat(chat.chatId), { span: 'always', nowMs });
}
