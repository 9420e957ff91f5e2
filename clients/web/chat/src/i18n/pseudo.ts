import * as en from './en';
import type { Catalogue, Words } from './words';

type Part = string | { readonly [key: string]: Part };

const Accents: Readonly<Record<string, string>> = {
  a: 'á',
  b: 'ƀ',
  c: 'ç',
  d: 'đ',
  e: 'é',
  f: 'ƒ',
  g: 'ĝ',
  h: 'ĥ',
  i: 'î',
  j: 'ĵ',
  k: 'ķ',
  l: 'ļ',
  m: 'ɱ',
  n: 'ñ',
  o: 'ö',
  p: 'þ',
  q: 'ɋ',
  r: 'ŕ',
  s: 'š',
  t: 'ţ',
  u: 'û',
  v: 'ṽ',
  w: 'ŵ',
  x: 'ẋ',
  y: 'ý',
  z: 'ž',
  A: 'Å',
  B: 'Ɓ',
  C: 'Ç',
  D: 'Ð',
  E: 'É',
  F: 'Ƒ',
  G: 'Ĝ',
  H: 'Ĥ',
  I: 'Î',
  J: 'Ĵ',
  K: 'Ķ',
  L: 'Ļ',
  M: 'Ṁ',
  N: 'Ñ',
  O: 'Ö',
  P: 'Þ',
  Q: 'Ɋ',
  R: 'Ŕ',
  S: 'Š',
  T: 'Ţ',
  U: 'Û',
  V: 'Ṽ',
  W: 'Ŵ',
  X: 'Ẋ',
  Y: 'Ý',
  Z: 'Ž',
};

/** Every letter with an accent, two fifths longer, in brackets: what stands without them was not taken from the catalogue. */
export function pseudoText(text: string): string {
  const choices = text.split(' | ').map((choice) => {
    const accented = choice.replace(/\{[^}]*\}|[a-z]/giu, (part) => Accents[part] ?? part);
    return `⟦${accented}${'·'.repeat(Math.ceil(choice.replace(/\{[^}]*\}/gu, '').length * 0.4))}⟧`;
  });
  return choices.join(' | ');
}

function pseudoWords<English extends object>(words: English): Words<English> {
  const part = (node: Part): Part =>
    typeof node === 'string' ? pseudoText(node) : Object.fromEntries(Object.entries(node).map(([key, child]) => [key, part(child)]));
  return part(words as Part) as Words<English>;
}

/** The English catalogue in words that no one can mistake for it. */
export function pseudo(): Catalogue {
  const { later, ...words } = en;
  const sections = Object.entries(later).map(([name, load]) => [name, async () => pseudoWords(await load())]);
  return { ...pseudoWords(words), later: Object.fromEntries(sections) };
}
