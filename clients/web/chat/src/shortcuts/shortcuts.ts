import type { Chord } from './chords';

/** What a key does wherever one is on the page. */
export type PageShortcut =
  | 'palette'
  | 'search'
  | 'help'
  | 'back'
  | 'previousChat'
  | 'nextChat'
  | 'previousUnread'
  | 'nextUnread'
  | 'markAllRead';
/** What a key does where one is: in the list of messages, or where one writes. The keys are read there. */
type PlaceShortcut = 'find' | 'otherMessage' | 'intoMessage' | 'messageMenu' | 'toWriting' | 'send' | 'newLine' | 'editLast';

export interface Shortcut<Id extends string = PageShortcut | PlaceShortcut> {
  readonly id: Id;
  /** Each of them does it. */
  readonly chords: readonly Chord[];
}

export const pageShortcuts: readonly Shortcut<PageShortcut>[] = [
  { id: 'palette', chords: [{ mod: true, key: 'k' }] },
  { id: 'search', chords: [{ key: '/' }] },
  { id: 'previousChat', chords: [{ alt: true, key: 'ArrowUp' }] },
  { id: 'nextChat', chords: [{ alt: true, key: 'ArrowDown' }] },
  { id: 'previousUnread', chords: [{ alt: true, shift: true, key: 'ArrowUp' }] },
  { id: 'nextUnread', chords: [{ alt: true, shift: true, key: 'ArrowDown' }] },
  { id: 'markAllRead', chords: [{ shift: true, key: 'Escape' }] },
  { id: 'back', chords: [{ key: 'Escape' }] },
  { id: 'help', chords: [{ mod: true, key: '/' }, { key: '?' }] },
];

/** In a chat; elsewhere it is the browser's. */
export const findChord: Chord = { mod: true, key: 'f' };

/** All there are, in the parts in which the help shows them. */
export const shortcutGroups: readonly { readonly id: 'page' | 'messages' | 'writing'; readonly shortcuts: readonly Shortcut[] }[] = [
  { id: 'page', shortcuts: pageShortcuts },
  {
    id: 'messages',
    shortcuts: [
      { id: 'find', chords: [findChord] },
      { id: 'otherMessage', chords: [{ key: 'ArrowUp' }, { key: 'ArrowDown' }] },
      { id: 'intoMessage', chords: [{ key: 'Enter' }] },
      { id: 'messageMenu', chords: [{ shift: true, key: 'F10' }] },
      { id: 'toWriting', chords: [{ key: 'Escape' }] },
    ],
  },
  {
    id: 'writing',
    shortcuts: [
      { id: 'send', chords: [{ key: 'Enter' }] },
      { id: 'newLine', chords: [{ shift: true, key: 'Enter' }] },
      { id: 'editLast', chords: [{ key: 'ArrowUp' }] },
    ],
  },
];

/** The first of those that do it, for where one is shown. */
export function chordOf(id: PageShortcut): Chord {
  const chord = pageShortcuts.find((one) => one.id === id)?.chords[0];
  if (!chord) throw new Error(`The table of shortcuts has none for ${id}.`);
  return chord;
}
