import { bool, int, list, optional, optionalList, text, uuid } from '../codec/fields.js';
import { content, position } from './elements.js';
import { frame } from './frame.js';

/** What a client asks (protocol-spec.md §6.1 to §6.13). */
export const requests = {
  hello: frame(1, {
    protocolVersion: int,
    token: text,
    clientName: text,
    positions: optionalList(position),
  }),
  authenticate: frame(2, { token: text }),
  ping: frame(3, {}),
  sendMessage: frame(4, { chatId: int, clientMessageId: uuid, text, replyTo: optional(int), content: optional(content) }),
  getHistory: frame(5, {
    chatId: int,
    after: optional(int),
    before: optional(int),
    limit: optional(int),
  }),
  getChats: frame(6, { cursor: optional(text), limit: optional(int) }),
  getChat: frame(7, { chatId: int }),
  getMembers: frame(8, { chatId: int, afterPrincipalId: optional(int), limit: optional(int) }),
  getPrincipals: frame(9, { principalIds: list(int) }),
  openDirect: frame(10, { principalId: int }),
  markDelivered: frame(11, { chatId: int, upTo: int }),
  markRead: frame(12, { chatId: int, upTo: int }),
  setTyping: frame(13, { chatId: int, active: bool }),
};
