export interface TextPart {
  readonly text: string;
  /** Only ever `http:` or `https:`. */
  readonly href: string | null;
}

const Url = /https?:\/\/[^\s<>"']+/giu;

/** Cuts a text at its web addresses. Closing punctuation belongs to the sentence, not to the address. */
export function linkify(text: string): TextPart[] {
  const parts: TextPart[] = [];
  let from = 0;
  for (const match of text.matchAll(Url)) {
    const found = match[0].replace(/[.,;:!?)\]}]+$/u, '');
    if (!URL.canParse(found)) continue;
    if (match.index > from) parts.push({ text: text.slice(from, match.index), href: null });
    parts.push({ text: found, href: found });
    from = match.index + found.length;
  }
  if (from < text.length) parts.push({ text: text.slice(from), href: null });
  return parts;
}

/** True when the first letter with a direction is written from right to left, as `dir="auto"` would find. */
export function startsRtl(text: string): boolean {
  const first = /\p{L}/u.exec(text)?.[0];
  return first !== undefined && /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}]/u.test(first);
}
