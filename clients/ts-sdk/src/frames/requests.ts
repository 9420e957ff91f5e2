import { int, list, optional, optionalInt, optionalList, optionalText, text, uuid } from '../codec/fields.js';
import { content, position } from './elements.js';
import { frame } from './frame.js';

/** What a client asks (protocol-spec.md §6.1 to §6.12). */
export const requests = {
  hello: frame(1, {
    protocolVersion: int,
    token: text,
    clientName: text,
    positions: optionalList(position),
  }),
  authenticate: frame(2, { token: text }),
  ping: frame(3, {}),
  sendMessage: frame(4, { chatId: int, clientMessageId: uuid, text, replyTo: optionalInt, content: optional(content) }),
  getHistory: frame(5, {
    chatId: int,
    after: optionalInt,
    before: optionalInt,
    limit: optionalInt,
  }),
  getChats: frame(6, { cursor: optionalText, limit: optionalInt }),
  getChat: frame(7, { chatId: int }),
  getMembers: frame(8, { chatId: int, afterPrincipalId: optionalInt, limit: optionalInt }),
  getPrincipals: frame(9, { principalIds: list(int) }),
  openDirect: frame(10, { principalId: int }),
  markDelivered: frame(11, { chatId: int, upTo: int }),
  markRead: frame(12, { chatId: int, upTo: int }),
};
