import { describe, expect, it } from 'vitest';
import { ariaChord, type Chord, chordNames, isMac, isPressed, isSingle, type Press } from '../../src/shortcuts/chords';
import { pageShortcuts, shortcutGroups } from '../../src/shortcuts/shortcuts';

function press(key: string, held: Partial<Press> = {}): Press {
  return { key, code: '', ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...held };
}
const palette: Chord = { mod: true, key: 'k' };

describe('a chord', () => {
  it('is Ctrl on most machines, and ⌘ on a Mac, where Ctrl+K deletes to the end of the line', () => {
    expect(isPressed(palette, press('k', { ctrlKey: true }), false)).toBe(true);
    expect(isPressed(palette, press('k', { metaKey: true }), false)).toBe(false);
    expect(isPressed(palette, press('k', { metaKey: true }), true)).toBe(true);
    expect(isPressed(palette, press('k', { ctrlKey: true }), true)).toBe(false);
  });

  it('is no other one with more keys, or fewer', () => {
    for (const held of [{}, { ctrlKey: true, shiftKey: true }, { ctrlKey: true, altKey: true }, { ctrlKey: true, metaKey: true }])
      expect(isPressed(palette, press('k', held), false)).toBe(false);
    expect(isPressed({ key: 'Escape' }, press('Escape', { shiftKey: true }), false)).toBe(false);
    expect(isPressed({ shift: true, key: 'Escape' }, press('Escape', { shiftKey: true }), false)).toBe(true);
  });

  it('is found on a keyboard without Latin letters, and with Caps Lock', () => {
    expect(isPressed(palette, press('л', { code: 'KeyK', ctrlKey: true }), false)).toBe(true);
    expect(isPressed(palette, press('д', { code: 'KeyL', ctrlKey: true }), false)).toBe(false);
    expect(isPressed(palette, press('K', { code: 'KeyK', ctrlKey: true }), false)).toBe(true);
  });

  it('with a sign does not care whether the layout wants Shift for it', () => {
    expect(isPressed({ key: '/' }, press('/', { code: 'Digit7', shiftKey: true }), false)).toBe(true);
    expect(isPressed({ mod: true, key: '/' }, press('/', { ctrlKey: true, shiftKey: true }), false)).toBe(true);
    expect(isPressed({ key: '?' }, press('?', { shiftKey: true }), false)).toBe(true);
    expect(isPressed({ key: '/' }, press('?', { shiftKey: true }), false)).toBe(false);
  });

  it('is written as on the keys, and for assistive technology', () => {
    const word = (key: string) => ({ mod: 'Strg', alt: 'Alt', shift: 'Umschalt' })[key] ?? key;
    expect(chordNames({ alt: true, shift: true, key: 'ArrowUp' }, false, word)).toEqual(['Alt', 'Umschalt', '↑']);
    expect(chordNames(palette, false, word)).toEqual(['Strg', 'K']);
    expect(chordNames(palette, true, word)).toEqual(['⌘', 'K']);
    expect([ariaChord(palette, false), ariaChord(palette, true), ariaChord({ key: '/' }, true)]).toEqual(['Control+K', 'Meta+K', '/']);
    expect([isMac('Mozilla/5.0 (Macintosh; Intel)'), isMac('Mozilla/5.0 (X11; Linux)')]).toEqual([true, false]);
  });
});

describe('the table of shortcuts', () => {
  it('has no chord twice among those of the whole page', () => {
    const all = pageShortcuts.flatMap(({ chords }) => chords.map((chord) => ariaChord(chord, false)));
    expect(new Set(all).size).toBe(all.length);
    expect(shortcutGroups[0]?.shortcuts).toBe(pageShortcuts);
  });

  it('has no letter alone: what one types by chance would do something', () => {
    const singles = pageShortcuts.flatMap(({ chords }) => chords.filter(isSingle)).map(({ key }) => key);
    expect(singles).toEqual(['/', '?']);
  });
});
