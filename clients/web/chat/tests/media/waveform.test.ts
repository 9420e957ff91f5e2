import { expect, it } from 'vitest';
import { barPath, barsOf, Peaks, peaksOf } from '../../src/media/waveform';

it('makes 64 values of 0 to 255 out of any number of samples', () => {
  for (const count of [0, 1, 63, 64, 65, 5_000]) {
    const peaks = peaksOf(Array.from({ length: count }, (_, i) => Math.abs(Math.sin(i))));
    expect(peaks).toHaveLength(Peaks);
    expect(peaks.every((peak) => Number.isInteger(peak) && peak >= 0 && peak <= 255)).toBe(true);
  }
});

it('keeps where it is loud, against the loudest, and silence silent', () => {
  const peaks = peaksOf([...Array.from({ length: 64 }, () => 0.1), ...Array.from({ length: 64 }, () => 0.2)]);
  expect([peaks[0], peaks[63]]).toEqual([128, 255]);
  expect(Math.max(...peaksOf(Array.from({ length: 100 }, () => 0.001)))).toBeLessThan(10);
});

it('shows a waveform of any length, and none as a flat line', () => {
  expect(barsOf([0, 255], 4)).toEqual([0, 0, 1, 1]);
  expect(barsOf(undefined, 3)).toEqual([0, 0, 0]);
  expect(barPath([0, 1, 0.5], 0, 2)).toBe('M1.5 11V13M4.5 1V23');
});
