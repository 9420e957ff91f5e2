import type { ContentKind, MarkKind } from './codes.js';

/** What a message is beside its text, which is the caption of what it carries; with kinds other than `text` it may be empty. */
export interface MessageContent {
  readonly kind: ContentKind | 'unknown';
  /** How often it was passed on. */
  readonly forwarded?: number;
  /** Formatting and mentions in the text, ascending by start; at most 100. */
  readonly marks?: readonly Mark[];
  /** `image`, `video`, `audio`, `voice`, `document`. */
  readonly media?: Media;
  /** `location`. */
  readonly location?: Location;
  /** `contact`: a vCard 3.0 or 4.0 with a name. */
  readonly contact?: string;
  /** The status that the message answers, in the direct chat with its author. */
  readonly status?: StatusReference;
  /** `text`: the card of a page that the text links to, as `createLinkPreviews` gave it. */
  readonly link?: LinkPreview;
}

/** The card of a page: text and a picture, and never markup. A message carries it as the service made it. */
export interface LinkPreview {
  /** As it stands in the text. */
  readonly url: string;
  /** At most 200 characters. */
  readonly title?: string;
  /** At most 500 characters. */
  readonly description?: string;
  /** At most 100 characters. */
  readonly siteName?: string;
  /** A file, as `media` is. */
  readonly image?: Media;
  /** Says that the service made all of it. */
  readonly token: string;
}

/** A status that was answered: enough of it to read well when it is gone. */
export interface StatusReference {
  readonly statusId: number;
  /** `text`, `image` or `video`. */
  readonly kind: ContentKind | 'unknown';
  /** How its text or caption begins, at most 100 characters. */
  readonly text?: string;
}

export interface Mark {
  readonly kind: MarkKind | 'unknown';
  /** Of the text, as its indexes are here (UTF-16). */
  readonly start: number;
  readonly length: number;
  /** Whom a mention names. */
  readonly principalId?: number;
}

/** A stored file. */
export interface Media {
  readonly blobId: string;
  readonly contentType: string;
  readonly bytes: number;
  readonly fileName?: string;
  readonly width?: number;
  readonly height?: number;
  readonly durationMs?: number;
  /** A blur hash. */
  readonly preview?: string;
  /** Loudness, at most 128 values of 0 … 255. */
  readonly waveform?: readonly number[];
}

/** Degrees north and east, to 8 decimals. */
export interface Location {
  readonly latitude: number;
  readonly longitude: number;
  readonly name?: string;
}
