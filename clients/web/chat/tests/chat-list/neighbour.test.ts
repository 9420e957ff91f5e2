import { expect, it } from 'vitest';
import { neighbour, unreadNeighbour } from '../../src/chat-list/neighbour';

function chat(chatId: number, has: { unread?: number; archived?: boolean; marked?: boolean } = {}) {
  const own = { archived: has.archived ?? false, markedUnread: has.marked ?? false, pinned: false, mutedUntilMs: null };
  return { chatId, unread: has.unread ?? 0, own } as unknown as Parameters<typeof neighbour>[0][number];
}
const chats = [
  chat(1, { unread: 2 }),
  chat(2),
  chat(3, { archived: true, unread: 9 }),
  chat(4, { marked: true }),
  chat(5),
  chat(6, { archived: true }),
];
const id = (found: { chatId: number } | undefined) => found?.chatId;

it('the chat above or below is that of the list, and there is none beyond its ends', () => {
  expect([id(neighbour(chats, 2, 1)), id(neighbour(chats, 2, -1))]).toEqual([4, 1]);
  expect([id(neighbour(chats, 1, -1)), id(neighbour(chats, 5, 1))]).toEqual([undefined, undefined]);
  expect([id(neighbour(chats, null, 1)), id(neighbour(chats, null, -1))]).toEqual([1, 5]);
  expect(id(neighbour([], null, 1))).toBeUndefined();
});

it('from a chat of the archive the way leads along the archive', () => {
  expect([id(neighbour(chats, 3, 1)), id(neighbour(chats, 6, 1))]).toEqual([6, undefined]);
});

it('the next unread one is found round the end of the list, without the archive and the open one', () => {
  expect([id(unreadNeighbour(chats, 2, 1)), id(unreadNeighbour(chats, 4, 1)), id(unreadNeighbour(chats, 4, -1))]).toEqual([4, 1, 1]);
  expect([id(unreadNeighbour(chats, 1, -1)), id(unreadNeighbour(chats, null, 1)), id(unreadNeighbour(chats, null, -1))]).toEqual([4, 1, 4]);
  expect(id(unreadNeighbour([chat(1, { unread: 1 }), chat(2)], 1, 1))).toBeUndefined();
});
