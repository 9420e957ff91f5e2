import { expect, it } from 'vitest';
import { decodeBlurHash, encodeBlurHash } from '../../src/media/blurHash';

/** A picture that is `left` on its left half, and `right` on its right one. */
function halves(width: number, height: number, left: number[], right: number[]) {
  const pixels = Array.from({ length: width * height }, (_, i) => [...(i % width < width / 2 ? left : right), 255]);
  return { width, height, data: new Uint8ClampedArray(pixels.flat()) };
}

const at = (pixels: { width: number; data: Uint8ClampedArray }, x: number, y: number) =>
  [...pixels.data.slice(4 * (y * pixels.width + x))].slice(0, 3);

it('keeps the mean colour, and where it is dark and light', () => {
  const hash = encodeBlurHash(halves(32, 24, [220, 30, 30], [20, 40, 200]));
  expect(hash).toHaveLength(4 + 2 * 12);
  const shown = decodeBlurHash(hash, 32, 24);
  if (!shown) throw new Error('it is a hash');
  const [leftRed = 0, , leftBlue = 0] = at(shown, 4, 12);
  const [rightRed = 0, , rightBlue = 0] = at(shown, 28, 12);
  expect(leftRed).toBeGreaterThan(180);
  expect(rightBlue).toBeGreaterThan(160);
  expect(leftBlue).toBeLessThan(leftRed);
  expect(rightRed).toBeLessThan(rightBlue);
});

it('reads what others make: the example of the format’s own site', () => {
  const shown = decodeBlurHash('LEHV6nWB2yk8pyo0adR*.7kCMdnj', 16, 16);
  expect(shown && [...shown.data].filter((_, i) => i % 4 === 3).every((opacity) => opacity === 255)).toBe(true);
  expect(shown && at(shown, 0, 0)).not.toEqual(shown && at(shown, 15, 15));
});

it('is in ASCII and within the hundred characters that a message keeps, for any picture', () => {
  for (const [width, height] of [
    [1, 1],
    [32, 2],
    [3, 32],
  ] as const)
    expect(encodeBlurHash(halves(width, height, [255, 255, 255], [0, 0, 0]))).toMatch(/^[!-~]{6,100}$/);
});

it.each(['', 'L', 'LEHV6n', 'LEHV6nWB2yk8pyo0adR*.7kCMdn', 'LEHV6nWB2yk8pyo0adR*.7kCMdn"', '~'.repeat(100)])(
  'shows nothing for what is no hash: %s',
  (text) => expect(decodeBlurHash(text, 8, 8)).toBeNull(),
);
