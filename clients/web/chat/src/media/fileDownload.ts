/** Has the browser save what an address leads to, of this service, where it comes as an attachment, or of this page's own making: the page stays. */
export function saveFrom(url: string, name: string): void {
  const anchor = document.createElement('a');
  anchor.href = url;
  anchor.download = name;
  document.body.append(anchor);
  anchor.click();
  anchor.remove();
}
