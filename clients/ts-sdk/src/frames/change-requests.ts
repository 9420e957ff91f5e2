import { int, optionalText, text, uuid } from '../codec/fields.js';
import { frame } from './frame.js';

/** What changes a message that is there (protocol-spec.md §6.32 to §6.34). */
export const changeRequests = {
  editMessage: frame(15, { chatId: int, clientMessageId: uuid, sequence: int, text }),
  deleteMessage: frame(16, { chatId: int, clientMessageId: uuid, sequence: int }),
  react: frame(17, { chatId: int, clientMessageId: uuid, sequence: int, emoji: optionalText }),
};
