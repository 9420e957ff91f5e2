/** Something stands over the page and has the keys. */
export function isCovered(): boolean {
  return document.querySelector('[role="dialog"], [role="menu"], [data-call-screen], [data-status-viewer]') !== null;
}
