import type { ChatItem } from '@chat/sdk';
import { isDeleted } from '../message/isDeleted';

// How large things are, in bytes, seconds and pixels, as they are told and shown.

const Units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;

/** "340 kB", in the words of the locale. */
export function byteText(bytes: number, locale: string): string {
  const step = bytes < 1_000 ? 0 : Math.min(Units.length - 1, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1_000 ** step;
  const maximumFractionDigits = step > 1 && value < 100 ? 1 : 0;
  return new Intl.NumberFormat(locale, { style: 'unit', unit: Units[step] ?? 'byte', unitDisplay: 'short', maximumFractionDigits }).format(
    value,
  );
}

/** "1:05", "1:02:05". */
export function durationText(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  const minutes = Math.floor(seconds / 60);
  const two = (value: number) => String(value).padStart(2, '0');
  if (minutes < 60) return `${minutes}:${two(seconds % 60)}`;
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}`;
}

export interface Box {
  readonly width: number;
  readonly height: number;
}

const Most: Box = { width: 320, height: 360 };
const Least: Box = { width: 140, height: 80 };
const Unknown: Box = { width: 260, height: 200 };

/** The box of a picture in the conversation, known before the picture is: what comes later moves nothing. */
export function mediaBox(media: { width?: number; height?: number }): Box {
  const { width, height } = media;
  if (!width || !height) return Unknown;
  const scale = Math.min(Most.width / width, Most.height / height, 1);
  return {
    width: Math.round(Math.max(Least.width, width * scale)),
    height: Math.round(Math.max(Least.height, height * scale)),
  };
}

/** About how high what a message carries stands above its caption. */
export function carriedPx(item: Pick<ChatItem, 'content' | 'changes'>): number {
  const { content } = item;
  if (!content || content.kind === 'text' || isDeleted(item)) return 0;
  if (content.media && (content.kind === 'image' || content.kind === 'video')) return mediaBox(content.media).height + 8;
  return 60;
}
