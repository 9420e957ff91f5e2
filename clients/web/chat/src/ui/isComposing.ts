/** A key is an input method's while it composes a word: browsers mark it by `isComposing`, Safari the Enter that ends it by key code 229 alone. */
export function isComposing(press: Pick<KeyboardEvent, 'isComposing' | 'keyCode'>): boolean {
  return press.isComposing || press.keyCode === 229;
}

/** For a layer with fields: the Escape that ends a composition closes nothing. */
export function keepComposing(event: KeyboardEvent): void {
  if (isComposing(event)) event.preventDefault();
}
