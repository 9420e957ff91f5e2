/** What the focus returns to when a layer closes: the focused element, or for an item of a menu the button that opened the menu. */
export function openerOf(focused: Element | null): HTMLElement | null {
  const menu = focused?.closest('[role="menu"]');
  const trigger = menu ? document.getElementById(menu.getAttribute('aria-labelledby') ?? '') : focused;
  return trigger instanceof HTMLElement && trigger !== document.body ? trigger : null;
}
