import type { FoundMessage } from '@chat/sdk';

export interface ExcerptPart {
  readonly text: string;
  readonly found: boolean;
}

/** Characters before the first place that was found: it is to be seen on a line that is cut. */
const LeadIn = 24;
const Most = 160;

/** A message's text around what was found in it, in parts. */
export function excerpt({ text, highlights }: Pick<FoundMessage, 'text' | 'highlights'>): ExcerptPart[] {
  const first = highlights[0]?.start ?? 0;
  const start = first <= LeadIn ? 0 : wordStart(text, first - LeadIn, first);
  const end = wholeCharacters(text, Math.min(text.length, start + Most));
  const parts: ExcerptPart[] = [];
  const add = (from: number, to: number, found: boolean) => {
    const cut = text.slice(from, to).replace(/\s+/gu, ' ');
    if (cut !== '') parts.push({ text: cut, found });
  };
  let at = start;
  for (const mark of highlights) {
    if (mark.start < at || mark.start >= end) continue;
    add(at, mark.start, false);
    at = Math.min(end, mark.start + mark.length);
    add(mark.start, at, true);
  }
  add(at, end, false);
  if (start > 0) parts.unshift({ text: '…', found: false });
  return parts;
}

/** The beginning of a word at or behind `from`, and before `limit`; never within a character. */
function wordStart(text: string, from: number, limit: number): number {
  const space = text.slice(from, limit).search(/\s\S/u);
  if (space >= 0) return from + space + 1;
  return isSecondHalf(text, from) ? from + 1 : from;
}

/** The same end, or one before: never within a character. */
function wholeCharacters(text: string, end: number): number {
  return isSecondHalf(text, end) ? end - 1 : end;
}

function isSecondHalf(text: string, at: number): boolean {
  return (text.charCodeAt(at) & 0xfc00) === 0xdc00;
}
