/** Bars of a waveform as it is sent, and as it is shown. */
export const Peaks = 64;

/**
 * So many values of 0 … 255 out of as many loudness samples (0 … 1) as there are: the loudest of each stretch, against the loudest of all, so that
 * what was spoken softly can be seen too. Silence stays silence.
 */
export function peaksOf(samples: readonly number[], count = Peaks): number[] {
  if (samples.length === 0) return Array.from({ length: count }, () => 0);
  const loudest = Math.max(0.05, ...samples);
  return Array.from({ length: count }, (_, i) => {
    const from = Math.floor((i * samples.length) / count);
    const to = Math.max(from + 1, Math.floor(((i + 1) * samples.length) / count));
    return Math.round((Math.max(...samples.slice(from, to)) / loudest) * 255);
  });
}

/** Bars of 0 … 1 to show; a waveform that is not there, or is of another length, comes out as one of this length. */
export function barsOf(waveform: readonly number[] | undefined, count = Peaks): number[] {
  const held = waveform ?? [];
  return Array.from({ length: count }, (_, i) => (held[Math.floor((i * held.length) / count)] ?? 0) / 255);
}

/** One path of upright bars in a box of `count` × 3 by 24, the part between two shares of it. */
export function barPath(bars: readonly number[], from: number, to: number): string {
  return bars
    .map((bar, i) => {
      if (i < from || i >= to) return '';
      const half = Math.max(1, bar * 11);
      return `M${i * 3 + 1.5} ${12 - half}V${12 + half}`;
    })
    .join('');
}
