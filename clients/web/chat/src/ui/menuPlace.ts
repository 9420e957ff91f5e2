/** Where a menu opens, and what has the focus again when it closes. */
export interface MenuPlace {
  readonly x: number;
  readonly y: number;
  readonly opener: HTMLElement | null;
}

/** At the pointer; for a key, at what has the focus. */
export function placeOf(event: MouseEvent, opener: HTMLElement | null): MenuPlace {
  const isPointer = event.clientX !== 0 || event.clientY !== 0;
  return isPointer ? { x: event.clientX, y: event.clientY, opener } : besides(opener);
}

/** Under a thing, at its beginning. */
export function besides(thing: HTMLElement | null): MenuPlace {
  const box = thing?.getBoundingClientRect();
  const rtl = document.dir === 'rtl';
  return { x: box ? (rtl ? box.right : box.left) : 0, y: box?.bottom ?? 0, opener: thing };
}
