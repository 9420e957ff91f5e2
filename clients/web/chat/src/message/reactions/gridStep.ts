/** Where a key leads from `at` among things that stand in lines; null for a key that does not move. */
export function gridStep(
  key: string,
  at: number,
  places: readonly { readonly x: number; readonly y: number }[],
  rtl: boolean,
): number | null {
  const last = places.length - 1;
  switch (key) {
    case 'ArrowRight':
    case 'ArrowLeft':
      return Math.min(last, Math.max(0, at + ((key === 'ArrowRight') === rtl ? -1 : 1)));
    case 'Home':
      return 0;
    case 'End':
      return last;
    case 'ArrowDown':
    case 'ArrowUp':
      return otherLine(key === 'ArrowDown', at, places);
    default:
      return null;
  }
}

function otherLine(down: boolean, at: number, places: readonly { readonly x: number; readonly y: number }[]): number {
  const from = places[at];
  if (!from) return at;
  const beyond = places.map((place, index) => ({ ...place, index })).filter(({ y }) => (down ? y > from.y : y < from.y));
  if (beyond.length === 0) return at;
  const line = down ? Math.min(...beyond.map(({ y }) => y)) : Math.max(...beyond.map(({ y }) => y));
  const distance = (place: { x: number }) => Math.abs(place.x - from.x);
  return beyond.filter(({ y }) => y === line).reduce((best, place) => (distance(place) < distance(best) ? place : best)).index;
}
