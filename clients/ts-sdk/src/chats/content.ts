import type { Location, MessageContent } from '../api.js';
import { isMissing } from '../codec/fields.js';
import { contentKinds, kindName, markKinds } from '../codes.js';
import * as errorCodes from '../error-codes.js';
import { ChatError } from '../errors.js';
import type { WireContent } from '../frames/elements.js';

const degree = 1e8; // protocol-spec.md §6.35

/** Leaves out what is null, undefined, or an empty list. */
export function present<T extends object>(values: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => !isMissing(value))) as { [K in keyof T]?: NonNullable<T[K]> };
}

export function contentOf(content: WireContent): MessageContent {
  const { marks, media, location, status, link } = content;
  return present({
    ...content,
    kind: kindName(contentKinds, content.kind),
    marks: marks.map((mark) => present({ ...mark, kind: kindName(markKinds, mark.kind) })),
    media: media && present(media),
    location: location && locationOf(location),
    status: status && present({ ...status, kind: kindName(contentKinds, status.kind) }),
    link: link && present({ ...link, image: link.image && present(link.image) }),
  }) as unknown as MessageContent;
}

function locationOf({ latitude, longitude, name }: NonNullable<WireContent['location']>): Location {
  return present({ latitude: (latitude - 90 * degree) / degree, longitude: (longitude - 180 * degree) / degree, name }) as Location;
}

/** An unknown kind becomes 0, which the server refuses. What is left out is written as none. */
export function wireContent(content: MessageContent): WireContent {
  const { kind, marks, location, status } = content;
  return {
    ...content,
    kind: numberOf(contentKinds, kind),
    marks: marks?.map((mark) => ({ ...mark, kind: numberOf(markKinds, mark.kind) })),
    location: location && wireLocation(location),
    status: status && { ...status, kind: numberOf(contentKinds, status.kind) },
  } as WireContent;
}

function numberOf<T extends string>(table: Readonly<Record<T, number>>, kind: T | 'unknown'): number {
  return kind === 'unknown' ? 0 : table[kind];
}

function wireLocation({ latitude, longitude, name }: Location): WireContent['location'] {
  if (!(Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180)) {
    throw new ChatError(errorCodes.invalid_argument, 'The location is not on the earth.'); // nor is NaN; as the server would
  }
  return { latitude: Math.round((latitude + 90) * degree), longitude: Math.round((longitude + 180) * degree), name: name ?? null };
}
