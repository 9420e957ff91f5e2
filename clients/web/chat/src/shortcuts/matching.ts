/** Letters without their accents, all small, so that `uber` finds `Über`. */
export function fold(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLocaleLowerCase();
}

/**
 * How well a name answers what was typed, 0 for not at all. Every word of it must be found: as the beginning of a word of the name (the
 * first counts most), inside of one, or as its letters in their order if these are three or more. Both are folded.
 */
export function score(name: string, query: string): number {
  const words = name.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '');
  let total = 0;
  for (const wanted of query.split(/\s+/u).filter((word) => word !== '')) {
    const best = scoreWord(name, words, wanted);
    if (best === 0) return 0;
    total += best;
  }
  return total;
}

function scoreWord(name: string, words: readonly string[], wanted: string): number {
  const at = words.findIndex((word) => word.startsWith(wanted));
  if (at >= 0) return at === 0 ? 5 : 4;
  if (name.includes(wanted)) return 2;
  return wanted.length > 2 && isWithin(name, wanted) ? 1 : 0;
}

function isWithin(name: string, wanted: string): boolean {
  let from = 0;
  for (const letter of wanted) {
    from = name.indexOf(letter, from) + 1;
    if (from === 0) return false;
  }
  return true;
}

/** Those that answer, the best first; among equals the order stays. All of them, if nothing was typed. */
export function best<T>(things: readonly T[], query: string, nameOf: (thing: T) => string, count: number): T[] {
  const wanted = fold(query).trim();
  if (wanted === '') return things.slice(0, count);
  return things
    .map((thing) => ({ thing, score: score(fold(nameOf(thing)), wanted) }))
    .filter((one) => one.score > 0)
    .sort((a, b) => b.score - a.score)
    .slice(0, count)
    .map(({ thing }) => thing);
}
