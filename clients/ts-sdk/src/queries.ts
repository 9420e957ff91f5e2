import type { HistoryRange } from './chats/ports.js';
import type { Connection } from './connection/connection.js';
import type { WireChat, WireMember, WirePrincipal } from './frames/elements.js';
import { replies, type WireHistory, type WireSent } from './frames/replies.js';
import { requests } from './frames/requests.js';
import type { QueuedMessage } from './outbox/outgoing-message.js';

const chatsPerPage = 100;
const membersPerPage = 256;

/** The requests of the protocol as functions. Those that ask wait for a connection; those that tell say null without one. */
export class Queries {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  history(chatId: number, range: HistoryRange): Promise<WireHistory> {
    const request = { chatId, ...range } as { chatId: number; after: number | null; before: number | null; limit: number | null };
    return this.#connection.call(requests.getHistory, request, replies.history);
  }

  chats(cursor: string | null): Promise<{ chats: readonly WireChat[]; nextCursor: string | null }> {
    return this.#connection.call(requests.getChats, { cursor, limit: chatsPerPage }, replies.chats);
  }

  async chat(chatId: number): Promise<WireChat> {
    return (await this.#connection.call(requests.getChat, { chatId }, replies.chat)).chat;
  }

  async openDirect(principalId: number): Promise<WireChat> {
    return (await this.#connection.call(requests.openDirect, { principalId }, replies.chat)).chat;
  }

  /** All of them, page after page. */
  async members(chatId: number): Promise<readonly WireMember[]> {
    const all: WireMember[] = [];
    let after: number | null = null;
    do {
      const page = await this.#memberPage(chatId, after);
      all.push(...page.members);
      after = page.hasMore ? (page.members.at(-1)?.principalId ?? null) : null;
    } while (after !== null);
    return all;
  }

  #memberPage(chatId: number, afterPrincipalId: number | null): Promise<{ members: readonly WireMember[]; hasMore: boolean }> {
    return this.#connection.call(requests.getMembers, { chatId, afterPrincipalId, limit: membersPerPage }, replies.members);
  }

  async principals(principalIds: readonly number[]): Promise<readonly WirePrincipal[]> {
    return (await this.#connection.call(requests.getPrincipals, { principalIds }, replies.principals)).principals;
  }

  send(message: QueuedMessage): Promise<WireSent> | null {
    const { chatId, clientMessageId, text, replyTo, content = null } = message;
    const request = { chatId, clientMessageId, text, replyTo: replyTo as number | null, content };
    return this.#connection.tell(requests.sendMessage, request, replies.sent);
  }

  mark(kind: 'delivered' | 'read', chatId: number, upTo: number): Promise<unknown> | null {
    const request = kind === 'read' ? requests.markRead : requests.markDelivered;
    return this.#connection.tell(request, { chatId, upTo }, replies.ok);
  }
}
