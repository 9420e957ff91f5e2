import { bool, int, list, optionalInt, optionalText, text } from '../codec/fields.js';
import { chat, event, limits, member, principal, resumed } from './elements.js';
import { type FrameValue, frame } from './frame.js';

/** What the server answers (protocol-spec.md §6.15 to §6.24). */
export const replies = {
  welcome: frame(40, {
    protocolVersion: int,
    sessionId: int,
    principalId: int,
    name: text,
    inboxChatId: int,
    serverTimeMs: int,
    tokenExpiresAtMs: int,
    pingIntervalMs: int,
    limits,
    resumed: list(resumed),
    serverName: text,
  }),
  ok: frame(41, {}),
  sent: frame(42, { chatId: int, sequence: int, createdAtMs: int }),
  history: frame(43, {
    chatId: int,
    epoch: int,
    headSequence: int,
    events: list(event),
    coversFrom: int,
    coversTo: int,
    hasMore: bool,
  }),
  chats: frame(44, { chats: list(chat), nextCursor: optionalText }),
  chat: frame(45, { chat }),
  members: frame(46, { chatId: int, members: list(member), hasMore: bool }),
  principals: frame(47, { principals: list(principal) }),
  error: frame(49, { code: int, message: text, retryable: bool, retryAfterMs: optionalInt }),
};

export type Welcome = FrameValue<typeof replies.welcome>;
export type WireHistory = FrameValue<typeof replies.history>;
export type WireError = FrameValue<typeof replies.error>;
export type WireSent = FrameValue<typeof replies.sent>;
