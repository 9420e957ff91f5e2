import type { ChatItem, Location, Mark, Media, MessageContent, StatusReference } from '../api.js';
import { contentKinds, errorCodes, kindName, markKinds } from '../codes.js';
import { ChatError } from '../errors.js';
import type { WireContent } from '../frames/elements.js';

const degree = 1e8; // protocol-spec.md §6.35

/** Leaves out what is null, or undefined. */
export function present<T extends object>(values: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value != null)) as { [K in keyof T]?: NonNullable<T[K]> };
}

export function contentOf({ kind, forwarded, marks, media, location, contact, status }: WireContent): MessageContent {
  return {
    kind: kindName(contentKinds, kind),
    ...present({
      forwarded,
      marks: marks.length > 0 ? marks.map((mark) => named(markKinds, mark) as Mark) : null,
      media: media && mediaOf(media),
      location: location && locationOf(location),
      contact,
      status: status && (named(contentKinds, status) as StatusReference),
    }),
  };
}

function named<T extends string>(table: Readonly<Record<T, number>>, one: { readonly kind: number }): { kind: T | 'unknown' } {
  return { ...present(one), kind: kindName(table, one.kind) };
}

function mediaOf({ waveform, ...rest }: NonNullable<WireContent['media']>): Media {
  return { ...present(rest), ...(waveform.length > 0 && { waveform }) } as Media;
}

function locationOf({ latitude, longitude, name }: NonNullable<WireContent['location']>): Location {
  return { latitude: (latitude - 90 * degree) / degree, longitude: (longitude - 180 * degree) / degree, ...present({ name }) };
}

/** An unknown kind becomes 0, which the server refuses. */
export function wireContent({ kind, forwarded, marks, media, location, contact, status }: MessageContent): WireContent {
  return {
    kind: numberOf(contentKinds, kind),
    forwarded: forwarded ?? null,
    marks: (marks ?? []).map((mark) => ({ ...mark, kind: numberOf(markKinds, mark.kind), principalId: mark.principalId ?? null })),
    media: media ? { fileName: null, width: null, height: null, durationMs: null, preview: null, waveform: [], ...media } : null,
    location: location ? wireLocation(location) : null,
    contact: contact ?? null,
    status: status ? { ...status, kind: numberOf(contentKinds, status.kind), text: status.text ?? null } : null,
  };
}

function numberOf<T extends string>(table: Readonly<Record<T, number>>, kind: T | 'unknown'): number {
  return kind === 'unknown' ? 0 : table[kind];
}

function wireLocation({ latitude, longitude, name }: Location): WireContent['location'] {
  const onEarth = Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180; // false for NaN
  if (!onEarth) throw refusal('The location is not on the earth.');
  return { latitude: Math.round((latitude + 90) * degree), longitude: Math.round((longitude + 180) * degree), name: name ?? null };
}

/** As the server would. */
function refusal(message: string): ChatError {
  return new ChatError(errorCodes.invalid_argument.code, message);
}

/** What is sent when a message is passed on: not what it answered, a status neither, nor what became of it. */
export function forwarded(item: ChatItem): { text: string; content: MessageContent } {
  if (item.kind !== 'message' || (item.changes?.deletedAtMs ?? null) !== null) throw refusal('There is no message to be passed on.');
  const { status, ...content } = item.content ?? { kind: 'text' };
  return { text: item.text ?? '', content: { ...content, forwarded: Math.min(255, (content.forwarded ?? 0) + 1) } };
}
