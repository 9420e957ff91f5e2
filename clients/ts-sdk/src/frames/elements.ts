import {
  bool,
  type Field,
  int,
  named,
  optional,
  optionalInt,
  optionalList,
  optionalText,
  type StructOf,
  scalar,
  sparse,
  struct,
  text,
  uuid,
} from '../codec/fields.js';
import { contentKinds, markKinds } from '../codes.js';
import type { MessageContent } from '../message-content.js';

/** The arrays that stand inside of frames (protocol-spec.md §6), fields in their order. */

const reactionFields = { emoji: text, count: int };
export const reaction = struct(reactionFields);

const changesFields = {
  asOf: int,
  editedAtMs: optionalInt,
  deletedAtMs: optionalInt,
  deletedBy: optionalInt,
  pinnedAtMs: optionalInt,
  ownReaction: optionalText,
  reactions: optionalList(reaction),
};
export type WireChanges = StructOf<typeof changesFields>;
export const changes = struct(changesFields);

const degree = 1e8; // protocol-spec.md §6.35

/** Degrees, counted from 0 on the wire. */
function degrees(most: number): Field<number> {
  const angle = scalar((value): value is number => Math.abs(value as number) <= most, 'on the earth'); // nor is NaN
  return {
    pack: (value) => Math.round(((angle.pack(value) as number) + most) * degree),
    unpack: (value) => (int.unpack(value) - most * degree) / degree,
  };
}

const mark = sparse({ kind: named(markKinds), start: int, length: int, principalId: optionalInt });
const media = sparse({
  blobId: text,
  contentType: text,
  bytes: int,
  fileName: optionalText,
  width: optionalInt,
  height: optionalInt,
  durationMs: optionalInt,
  preview: optionalText,
  waveform: optionalList(int),
});
const location = sparse({ latitude: degrees(90), longitude: degrees(180), name: optionalText });
const status = sparse({ statusId: int, kind: named(contentKinds), text: optionalText });
const link = sparse({
  url: text,
  title: optionalText,
  description: optionalText,
  siteName: optionalText,
  image: optional(media),
  token: text,
});

/** As apps have it. */
export const content = sparse({
  kind: named(contentKinds),
  forwarded: optionalInt,
  marks: optionalList(mark),
  media: optional(media),
  location: optional(location),
  contact: optionalText,
  status: optional(status),
  link: optional(link),
}) as Field<unknown> as Field<MessageContent>;

export const eventFields = {
  chatId: int,
  sequence: int,
  kind: int,
  senderId: int,
  createdAtMs: int,
  clientMessageId: optional(uuid),
  replyTo: optionalInt,
  text: optionalText,
  subjectId: optionalInt,
  role: optionalInt,
  previous: optionalText,
  changes: optional(changes),
  content: optional(content),
};
export type WireEvent = StructOf<typeof eventFields>;
export const event = struct(eventFields);

const draftFields = { version: int, text, replyTo: optionalInt };

/** What a chat is to oneself. */
export const own = struct({
  archived: bool,
  pinned: bool,
  markedUnread: bool,
  mutedUntilMs: optionalInt,
  theme: optionalText,
  clearedUpTo: optionalInt,
  draft: optional(struct(draftFields)),
});

export const details = struct({
  sendRole: int,
  editRole: int,
  addRole: int,
  description: optionalText,
  avatar: optionalText,
  theme: optionalText,
  handle: optionalText,
});

const chatFields = {
  chatId: int,
  kind: int,
  epoch: int,
  name: optionalText,
  role: int,
  joinedAtSequence: int,
  headSequence: int,
  deliveredUpTo: int,
  readUpTo: int,
  unread: int,
  othersDeliveredUpTo: int,
  othersReadUpTo: int,
  memberCount: int,
  peerId: optionalInt,
  peerName: optionalText,
  lastEvent: optional(event),
  createdAtMs: int,
  lastActivityMs: int,
  own: optional(own),
  details: optional(details),
  mentions: optional(struct({ count: int, first: int })),
};
export type WireChat = StructOf<typeof chatFields>;
export const chat = struct(chatFields);

const positionFields = { chatId: int, epoch: int, sequence: int };
export type WirePosition = StructOf<typeof positionFields>;
export const position = struct(positionFields);

const resumedFields = { chatId: int, epoch: int, headSequence: int, recovered: bool };
export type WireResumed = StructOf<typeof resumedFields>;
export const resumed = struct(resumedFields);

const limitsFields = {
  maxFrameBytes: int,
  maxTextBytes: int,
  maxHistoryLimit: int,
  maxPositions: int,
  maxWatched: int,
};
export type WireLimits = StructOf<typeof limitsFields>;
export const limits = struct(limitsFields);

const memberFields = {
  principalId: int,
  name: text,
  role: int,
  deliveredUpTo: int,
  readUpTo: int,
  joinedAtSequence: int,
};
export type WireMember = StructOf<typeof memberFields>;
export const member = struct(memberFields);

const principalFields = { principalId: int, kind: int, name: text, about: optionalText, avatar: optionalText };
export type WirePrincipal = StructOf<typeof principalFields>;
export const principal = struct(principalFields);

const receiptFields = { principalId: int, deliveredUpTo: int, readUpTo: int };
export type WireReceipt = StructOf<typeof receiptFields>;
export const receipt = struct(receiptFields);
