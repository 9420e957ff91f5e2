/** Where a menu opens, and what has the focus again when it closes. */
export interface MenuPlace {
  readonly x: number;
  readonly y: number;
  readonly opener: HTMLElement | null;
  /** Which edge of the menu is at `x`; its beginning, unless said. */
  readonly align?: 'start' | 'end';
}

/** At the pointer; for a key, at what has the focus. */
export function placeOf(event: MouseEvent, opener: HTMLElement | null): MenuPlace {
  const isPointer = event.clientX !== 0 || event.clientY !== 0;
  return isPointer ? { x: event.clientX, y: event.clientY, opener } : besides(opener);
}

/** Under a thing, at its beginning or its end. */
export function besides(thing: HTMLElement | null, align: 'start' | 'end' = 'start'): MenuPlace {
  const box = thing?.getBoundingClientRect();
  const atRight = (document.dir === 'rtl') === (align === 'start');
  return { x: box ? (atRight ? box.right : box.left) : 0, y: box?.bottom ?? 0, opener: thing, align };
}
