import type { ChatSummary } from '@chat/sdk';
import { isUnread } from './menu/chatActions';

type Listed = Pick<ChatSummary, 'chatId' | 'unread' | 'own'>;

/** The chat above (−1) or below (1) the open one, as the list shows them: those of the archive stay among themselves. Undefined at the ends. */
export function neighbour<Chat extends Listed>(chats: readonly Chat[], openId: number | null, step: 1 | -1): Chat | undefined {
  const archived = chats.find(({ chatId }) => chatId === openId)?.own.archived ?? false;
  const shown = chats.filter((chat) => chat.own.archived === archived);
  const at = shown.findIndex(({ chatId }) => chatId === openId);
  if (at < 0) return step > 0 ? shown[0] : shown.at(-1);
  return shown[at + step];
}

/** The next unread one that way, round the end of the list; undefined if no other is unread. */
export function unreadNeighbour<Chat extends Listed>(chats: readonly Chat[], openId: number | null, step: 1 | -1): Chat | undefined {
  const shown = chats.filter((chat) => !chat.own.archived);
  const at = shown.findIndex(({ chatId }) => chatId === openId);
  const from = at < 0 && step < 0 ? shown.length : at;
  for (let turn = 1; turn <= shown.length; turn += 1) {
    const chat = shown[(from + step * turn + 2 * shown.length) % shown.length];
    if (chat && chat.chatId !== openId && isUnread(chat)) return chat;
  }
  return undefined;
}
