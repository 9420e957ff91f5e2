/** Keys that are pressed together. `mod` is ⌘ on a Mac and Ctrl elsewhere; `key` is what `KeyboardEvent.key` says, a letter as a small one. */
export interface Chord {
  readonly key: string;
  readonly mod?: true;
  readonly alt?: true;
  readonly shift?: true;
}

export type Press = Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>;

const Sign = /^[^\p{L}\p{N}]$/u;

export function isMac(agent: string = navigator.userAgent): boolean {
  return /Macintosh|iPhone|iPad/u.test(agent);
}

/** A layout decides whether a sign takes Shift, and whether there are Latin letters: `/` is Shift+7 in German, and K writes `л` in Russian. */
export function isPressed(chord: Chord, press: Press, mac: boolean): boolean {
  const [mod, other] = mac ? [press.metaKey, press.ctrlKey] : [press.ctrlKey, press.metaKey];
  if (other || mod !== (chord.mod ?? false) || press.altKey !== (chord.alt ?? false)) return false;
  if (!Sign.test(chord.key) && press.shiftKey !== (chord.shift ?? false)) return false;
  return keyOf(press) === chord.key;
}

function keyOf({ key, code }: Press): string {
  const isForeign = /^[^\p{ASCII}]$/u.test(key);
  if (isForeign && code.startsWith('Key')) return code.slice(3).toLowerCase();
  return key.length === 1 ? key.toLowerCase() : key;
}

/** One sign, without a key that is held: WCAG 2.1.4 wants a way to turn those off, for dictation types them. */
export function isSingle({ key, mod, alt }: Chord): boolean {
  return key.length === 1 && !mod && !alt;
}

const macSigns: Readonly<Record<string, string>> = { mod: '⌘', alt: '⌥', shift: '⇧' };
const signs: Readonly<Record<string, string>> = { ArrowUp: '↑', ArrowDown: '↓', ArrowLeft: '←', ArrowRight: '→' };
/** Keys that have a name in every language: `shortcuts.keys` of the catalogue. */
export type NamedKey = 'mod' | 'alt' | 'shift' | 'Escape' | 'Enter';

/** What stands on the keys, in the order in which one presses them; `nameOf` knows the language's words. */
export function chordNames(chord: Chord, mac: boolean, nameOf: (key: NamedKey) => string): string[] {
  const held = (['mod', 'alt', 'shift'] as const).filter((key) => chord[key]).map((key) => (mac ? (macSigns[key] ?? key) : nameOf(key)));
  const isNamed = chord.key === 'Escape' || chord.key === 'Enter';
  return [...held, isNamed ? nameOf(chord.key as NamedKey) : (signs[chord.key] ?? chord.key.toUpperCase())];
}

/** The same for `aria-keyshortcuts`, which has words of its own. */
export function ariaChord({ key, mod, alt, shift }: Chord, mac: boolean): string {
  return [mod && (mac ? 'Meta' : 'Control'), alt && 'Alt', shift && 'Shift', key.length === 1 ? key.toUpperCase() : key]
    .filter(Boolean)
    .join('+');
}
