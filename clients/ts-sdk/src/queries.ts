import type { HistoryRange } from './chats/ports.js';
import type { Connection } from './connection/connection.js';
import type { WireChat, WireMember, WirePrincipal } from './frames/elements.js';
import type { FrameValue } from './frames/frame.js';
import { replies, type WireHistory, type WireSent } from './frames/replies.js';
import { requests } from './frames/requests.js';
import type { QueuedMessage } from './outbox/outgoing-message.js';

const chatsPerPage = 100;
const membersPerPage = 256;

/** The requests of the protocol as functions. Those that ask wait for a connection; those that tell say null without one. */
export interface Queries {
  history(chatId: number, range: HistoryRange): Promise<WireHistory>;
  chats(cursor: string | null): Promise<{ readonly chats: readonly WireChat[]; readonly nextCursor: string | null }>;
  chat(chatId: number): Promise<WireChat>;
  openDirect(principalId: number): Promise<WireChat>;
  /** All of them, page after page. */
  members(chatId: number): Promise<readonly WireMember[]>;
  principals(principalIds: readonly number[]): Promise<readonly WirePrincipal[]>;
  send(message: QueuedMessage): Promise<WireSent> | null;
  mark(kind: 'delivered' | 'read', chatId: number, upTo: number): Promise<unknown> | null;
}

export function createQueries({ call, tell }: Pick<Connection, 'call' | 'tell'>): Queries {
  return {
    history: (chatId, range) => call(requests.getHistory, { chatId, ...range } as FrameValue<typeof requests.getHistory>, replies.history),
    chats: (cursor) => call(requests.getChats, { cursor, limit: chatsPerPage }, replies.chats),
    chat: async (chatId) => (await call(requests.getChat, { chatId }, replies.chat)).chat,
    openDirect: async (principalId) => (await call(requests.openDirect, { principalId }, replies.chat)).chat,
    async members(chatId) {
      const all: WireMember[] = [];
      for (let hasMore = true; hasMore; ) {
        const afterPrincipalId = all.at(-1)?.principalId ?? null;
        const page = await call(requests.getMembers, { chatId, afterPrincipalId, limit: membersPerPage }, replies.members);
        all.push(...page.members);
        hasMore = page.hasMore && page.members.length > 0;
      }
      return all;
    },
    principals: async (principalIds) => (await call(requests.getPrincipals, { principalIds }, replies.principals)).principals,
    send: (message) => tell(requests.sendMessage, message as FrameValue<typeof requests.sendMessage>, replies.sent), // it has these fields
    mark: (kind, chatId, upTo) => tell(kind === 'read' ? requests.markRead : requests.markDelivered, { chatId, upTo }, replies.ok),
  };
}
