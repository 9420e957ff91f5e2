import type { ChatItem, Location, Mark, Media, MessageContent, StatusReference } from '../api.js';
import { contentKinds, errorCodes, kindName, markKinds } from '../codes.js';
import { ChatError } from '../errors.js';
import type { WireContent } from '../frames/elements.js';

const degree = 1e8; // protocol-spec.md §6.35

/** Leaves out what is null. */
function present<T extends object>(values: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null)) as { [K in keyof T]?: NonNullable<T[K]> };
}

export function contentOf(wire: WireContent): MessageContent {
  const { forwarded, marks, media, location, contact, status } = wire;
  return {
    kind: kindName(contentKinds, wire.kind),
    ...present({ forwarded, contact }),
    ...(marks.length > 0 && { marks: marks.map((mark) => ({ ...present(mark), kind: kindName(markKinds, mark.kind) }) as Mark) }),
    ...(media !== null && { media: mediaOf(media) }),
    ...(location !== null && { location: locationOf(location) }),
    ...(status !== null && { status: { ...present(status), kind: kindName(contentKinds, status.kind) } as StatusReference }),
  };
}

function mediaOf({ waveform, ...rest }: NonNullable<WireContent['media']>): Media {
  return { ...present(rest), ...(waveform.length > 0 && { waveform }) } as Media;
}

function locationOf({ latitude, longitude, name }: NonNullable<WireContent['location']>): Location {
  const place = { latitude: (latitude - 90 * degree) / degree, longitude: (longitude - 180 * degree) / degree };
  return name === null ? place : { ...place, name };
}

/** An unknown kind becomes 0, which the server refuses. */
export function wireContent(content: MessageContent): WireContent {
  const { forwarded = null, marks = [], media, location, contact = null, status } = content;
  return {
    kind: contentKind(content.kind),
    forwarded,
    marks: marks.map(({ kind, start, length, principalId = null }) => ({
      kind: kind === 'unknown' ? 0 : markKinds[kind],
      start,
      length,
      principalId,
    })),
    media:
      media === undefined ? null : { fileName: null, width: null, height: null, durationMs: null, preview: null, waveform: [], ...media },
    location: location === undefined ? null : wireLocation(location),
    contact,
    status: status === undefined ? null : { text: null, ...status, kind: contentKind(status.kind) },
  };
}

function contentKind(kind: MessageContent['kind']): number {
  return kind === 'unknown' ? 0 : contentKinds[kind];
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
