import type { Chat, ChatSettings, ChatSummary } from '@chat/sdk';
import { expect, it, vi } from 'vitest';
import { markAllRead } from '../../src/chat-list/markAllRead';

function chat(chatId: number, unread: number, markedUnread = false): ChatSummary {
  return { chatId, unread, readUpTo: 0, own: { markedUnread } } as unknown as ChatSummary;
}

it('reads what is unread in every chat, also in those of the pages that were not loaded, and takes marks away', async () => {
  const items = [chat(1, 2), chat(2, 0)];
  const pages = [[chat(3, 0, true)], [chat(4, 7)]];
  const chats = {
    items,
    get hasMore() {
      return pages.length > 0;
    },
    loadMore: async () => {
      items.push(...(pages.shift() ?? []));
    },
  };
  const read: number[] = [];
  const unmarkUnread = vi.fn(async () => undefined);
  const client = { chats, chat: (id: number) => ({ markRead: () => read.push(id) }) as unknown as Chat };
  await markAllRead(client as unknown as Parameters<typeof markAllRead>[0], { unmarkUnread } as unknown as ChatSettings, 0);
  expect(read).toEqual([1, 3, 4]);
  expect(unmarkUnread.mock.calls).toEqual([[3]]);
});
