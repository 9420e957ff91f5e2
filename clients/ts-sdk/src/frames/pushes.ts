import { int, list, text } from '../codec/fields.js';
import { eventFields, receipt } from './elements.js';
import { type FrameValue, frame } from './frame.js';

/** What comes unasked (protocol-spec.md §6.25 to §6.31). */
export const pushes = {
  event: frame(80, eventFields),
  receipts: frame(81, { chatId: int, receipts: list(receipt) }),
  gap: frame(84, { chatId: int, headSequence: int }),
  tokenExpiring: frame(85, { expiresAtMs: int }),
  goodbye: frame(86, { code: int, reason: text, reconnectAfterMs: int }),
};

export type PushFrame = (typeof pushes)[keyof typeof pushes];
export type Goodbye = FrameValue<typeof pushes.goodbye>;

/** A decoded push: which one, and what it says. */
export type Push = {
  [K in keyof typeof pushes]: { readonly kind: K; readonly value: FrameValue<(typeof pushes)[K]> };
}[keyof typeof pushes];
