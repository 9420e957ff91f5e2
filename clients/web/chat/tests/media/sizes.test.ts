import { expect, it } from 'vitest';
import { byteText, durationText, mediaBox } from '../../src/media/sizes';

it.each([
  [0, '0 byte'],
  [999, '999 byte'],
  [12_345, '12 kB'],
  [1_500_000, '1.5 MB'],
  [250_000_000, '250 MB'],
  [3_000_000_000_000, '3,000 GB'],
])('%d bytes are %s', (bytes, text) => expect(byteText(bytes, 'en')).toBe(text));

it.each([
  [0, '0:00'],
  [999, '0:01'],
  [65_000, '1:05'],
  [3_725_000, '1:02:05'],
  [-5, '0:00'],
])('%d ms are %s', (ms, text) => expect(durationText(ms)).toBe(text));

it.each([
  [
    { width: 4_000, height: 2_000 },
    { width: 320, height: 160 },
  ],
  [
    { width: 1_000, height: 4_000 },
    { width: 140, height: 360 },
  ],
  [
    { width: 10, height: 10 },
    { width: 140, height: 80 },
  ],
  [
    { width: 300, height: 200 },
    { width: 300, height: 200 },
  ],
  [{}, { width: 260, height: 200 }],
])('%o is shown in %o', (picture, box) => expect(mediaBox(picture)).toEqual(box));
