import { fold } from '../shortcuts/matching';

/** What is looked for, word by word. */
export function wordsIn(query: string): string[] {
  return [...new Set(fold(query).split(/\s+/u).filter(Boolean))];
}

export interface Place {
  readonly start: number;
  readonly length: number;
}

/** Where words stand in a text, whatever their accents and capitals; in UTF-16 units, ascending and apart. */
export function placesOf(text: string, words: readonly string[]): Place[] {
  const from: number[] = []; // of each unit of the folded text, where its letter begins in the text
  let folded = '';
  let at = 0;
  for (const letter of text) {
    const small = fold(letter);
    for (let i = 0; i < small.length; i++) from.push(at);
    folded += small;
    at += letter.length;
  }
  from.push(text.length);
  const found: Place[] = [];
  for (const word of words) {
    for (let i = folded.indexOf(word); i >= 0; i = folded.indexOf(word, i + word.length)) {
      const start = from[i] ?? 0;
      found.push({ start, length: (from[i + word.length] ?? text.length) - start });
    }
  }
  found.sort((a, b) => a.start - b.start || b.length - a.length);
  let end = 0;
  return found.filter(({ start, length }) => {
    const isApart = start >= end;
    if (isApart) end = start + length;
    return isApart;
  });
}
