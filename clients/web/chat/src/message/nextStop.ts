/** Where ← or → leads among what can be acted on in a message, from `at` (−1: the message itself); null for no move. */
export function nextStop(key: string, at: number, count: number, rtl: boolean): number | null {
  const forward = rtl ? 'ArrowLeft' : 'ArrowRight';
  if (count === 0 || (key !== 'ArrowLeft' && key !== 'ArrowRight')) return null;
  if (at < 0) return key === forward ? 0 : count - 1;
  return Math.min(count - 1, Math.max(0, at + (key === forward ? 1 : -1)));
}
