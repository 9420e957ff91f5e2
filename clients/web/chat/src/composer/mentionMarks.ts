import type { Mark } from '@chat/sdk';

/** A name that was picked, where it stands in the text. */
export interface NamedMark {
  readonly start: number;
  /** As it stands there, with its sign. */
  readonly text: string;
  readonly principalId: number;
}

/** What is being written after an `@`, up to the caret: where the sign stands, and what follows. */
export interface MentionQuery {
  readonly start: number;
  readonly query: string;
}

/** The sign begins a word: an address such as `anna@example.org` has none. */
const Asked = /(?:^|[\s([{"'“‘„«])@([^\s@]{0,30})$/u;

export function mentionQuery(text: string, caret: number): MentionQuery | null {
  const found = Asked.exec(text.slice(0, caret));
  return found?.[1] === undefined ? null : { start: caret - found[1].length - 1, query: found[1] };
}

/** Those whose name, or a word of it, begins with what was written; at most so many, the name's beginning first. */
export function matching<T extends { readonly name: string }>(people: readonly T[], query: string, locale: string, most = 8): T[] {
  const fold = (text: string) => text.normalize('NFKD').replace(/\p{M}/gu, '').toLocaleLowerCase(locale);
  const wanted = fold(query);
  const rank = ({ name }: T) => {
    const folded = fold(name);
    if (folded.startsWith(wanted)) return 0;
    return folded.split(/\s+/).some((word) => word.startsWith(wanted)) ? 1 : 2;
  };
  return people
    .map((person) => ({ person, rank: rank(person) }))
    .filter((one) => one.rank < 2)
    .sort((a, b) => a.rank - b.rank || a.person.name.localeCompare(b.person.name, locale))
    .slice(0, most)
    .map(({ person }) => person);
}

/**
 * The marks after a text has become another one: one edit, from the first character that differs to the last. What stands behind it moves along,
 * and a name that was touched is no mention any more.
 */
export function movedMarks(marks: readonly NamedMark[], before: string, after: string): NamedMark[] {
  if (marks.length === 0 || before === after) return [...marks];
  const shorter = Math.min(before.length, after.length);
  let from = 0;
  while (from < shorter && before[from] === after[from]) from += 1;
  let tail = 0;
  while (tail < shorter - from && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail += 1;
  const shift = after.length - before.length;
  const edited = before.length - tail;
  return marks
    .map((mark) => (mark.start >= edited ? { ...mark, start: mark.start + shift } : mark))
    .filter(({ start, text }) => after.startsWith(text, start));
}

/** The marks of a text that was to be sent, as they stand in it. */
export function namedMarks(marks: readonly Mark[], text: string): NamedMark[] {
  return marks.flatMap(({ start, length, principalId }) =>
    principalId === undefined ? [] : [{ start, text: text.slice(start, start + length), principalId }],
  );
}

/** The marks of a text as it is sent, which is without the blanks around it. */
export function sentMarks(marks: readonly NamedMark[], text: string): Mark[] {
  const cut = text.length - text.trimStart().length;
  return [...marks]
    .sort((a, b) => a.start - b.start)
    .slice(0, 100)
    .map(({ start, text: name, principalId }) => ({ kind: 'mention', start: start - cut, length: name.length, principalId }));
}
