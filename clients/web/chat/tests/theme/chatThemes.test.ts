import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { chatThemes, palettes, themeNamed, themeOf, themeStyle } from '../../src/theme/chatThemes';

const css = readFileSync(fileURLToPath(new URL('../../src/app.css', import.meta.url)), 'utf8');
/** What a variable of the page is, in the light and in the dark. */
function pageShades(name: string): readonly [string, string] {
  const found = [...css.matchAll(new RegExp(`--c-${name}: (#[0-9a-f]{6});`, 'gu'))].map(([, value]) => value ?? '');
  if (found.length !== 3 || found[1] !== found[2])
    throw new Error(`--c-${name} is not written once for the light, and twice the same for the dark.`);
  return [found[0] ?? '', found[1] ?? ''];
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Of WCAG 2.2. */
function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

/** What the quotes in a bubble make of it: black that is let through. */
function underQuote(colour: string, part: number): string {
  const shaded = [1, 3, 5].map((at) => Math.round(Number.parseInt(colour.slice(at, at + 2), 16) * (1 - part)));
  return `#${shaded.map((one) => one.toString(16).padStart(2, '0')).join('')}`;
}

it.each(Object.entries(palettes))('in %s all that stands on a colour can be read', (_, { wall, own, ownMuted, accent }) => {
  const weak: string[] = [];
  for (const [shade, scheme] of ['light', 'dark'].entries()) {
    const page = (name: string) => pageShades(name)[shade] ?? '';
    const [w, o, om, a] = [wall, own, ownMuted, accent].map((shades) => shades[shade] ?? '') as [string, string, string, string];
    const quoted = underQuote(o, shade === 0 ? 0.05 : 0.22);
    const pairs: [string, string, string, number][] = [
      ['ink on own', page('ink'), o, 4.5],
      ['ink on a quote', page('ink'), quoted, 4.5],
      ['muted on own', om, o, 4.5],
      ['links on own', a, o, 4.5],
      ['links on a quote', a, quoted, 4.5],
      ['links on other', a, page('other'), 4.5],
      ['links on the wall', a, w, 4.5],
      ['links on the panel', a, page('panel'), 4.5],
      ['links on what is sunken', a, page('sunken'), 4.5],
      ['muted on the wall', page('muted'), w, 4.5],
      ['danger on the wall', page('danger'), w, 4.5],
      ['read ticks on own', page('read'), o, 3],
    ];
    for (const [what, front, back, least] of pairs)
      if (contrast(front, back) < least) weak.push(`${scheme}, ${what}: ${contrast(front, back).toFixed(2)}`);
  }
  expect(weak).toEqual([]);
});

it('takes every name of the service, and shows what it does not know as the page looks', () => {
  expect(chatThemes.every((name) => /^[a-z][a-z0-9-]{0,31}$/u.test(name))).toBe(true);
  expect([themeNamed(null), themeNamed('toString'), themeNamed('of-tomorrow'), themeNamed('rose')]).toEqual([
    'default',
    'default',
    'default',
    'rose',
  ]);
  expect(themeStyle('default')).toEqual({});
});

it('one’s own choice goes before the chat’s, also that of the page’s own look', () => {
  const of = (own: string | null, all: string | null) => themeOf({ own: { theme: own }, details: { theme: all } } as never);
  expect([of(null, null), of(null, 'amber'), of('violet', 'amber'), of('default', 'amber')]).toEqual([
    'default',
    'amber',
    'violet',
    'default',
  ]);
});
