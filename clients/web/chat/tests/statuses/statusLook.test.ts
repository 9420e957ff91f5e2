import { expect, it } from 'vitest';
import { Backgrounds, backgroundOf, fontClass, inkOn, textSizeClass } from '../../src/statuses/statusLook';

function luminance(colour: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5]
    .map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
function contrast(a: string, b: string): number {
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

it.each([...Object.values(Backgrounds), '#777777', '#808080', '#ff0000', '#0000ff', '#ffffff', '#000000'])(
  'text on %s can be read',
  (colour) => {
    expect(contrast(colour, inkOn(colour))).toBeGreaterThanOrEqual(4.5);
  },
);

it('takes no colour but a colour', () => {
  expect(backgroundOf('#12aBcd')).toBe('#12aBcd');
  for (const bad of [null, '', 'red', '#12', 'url(https://evil.example/x)', '#1234567', 'var(--c-ink)']) {
    expect(backgroundOf(bad)).toBe(Backgrounds.slate);
  }
});

it('shows a font that it does not know plainly, and a long text smaller', () => {
  expect(fontClass('unknown')).toBe(fontClass('sans'));
  expect(fontClass('mono')).not.toBe(fontClass('serif'));
  expect([10, 100, 300, 700].map((length) => textSizeClass('x'.repeat(length))).map((size) => size.split(' ')[0])).toEqual([
    'text-4xl',
    'text-2xl',
    'text-xl',
    'text-base',
  ]);
});
