/** As much of a `WindowClient` as is used. */
export interface PageWindow {
  readonly focused: boolean;
  readonly visibilityState: DocumentVisibilityState;
  focus(): Promise<unknown>;
  postMessage(message: OpenWish): void;
}

/** What the worker asks of the page that was brought to the front. */
export interface OpenWish {
  readonly open: string;
}

export function isOpenWish(message: unknown): message is OpenWish {
  return typeof message === 'object' && message !== null && 'open' in message && typeof message.open === 'string';
}

/** Where what was notified is, by the payload that the notification keeps; what leads nowhere leads to the chats. */
export function pathOf(data: unknown): string {
  if (typeof data !== 'object' || data === null || !('chatId' in data) || !Number.isSafeInteger(data.chatId)) return '/';
  const chat = `/chat/${data.chatId}`;
  // A chat opens where one stopped reading, which is before the message; a mention may be far from there.
  return 'mention' in data && data.mention === true && 'sequence' in data ? `${chat}?m=${data.sequence}` : chat;
}

/** Leads to what was notified: in a window of the page that is open, the one in front first; else in a new one. */
export async function openFrom(
  data: unknown,
  windows: () => Promise<readonly PageWindow[]>,
  openWindow: (path: string) => Promise<unknown>,
): Promise<void> {
  const path = pathOf(data);
  const found = [...(await windows())].sort((a, b) => rank(a) - rank(b))[0];
  if (!found) {
    await openWindow(path);
    return;
  }
  found.postMessage({ open: path });
  await found.focus();
}

function rank({ focused, visibilityState }: PageWindow): number {
  if (focused) return 0;
  return visibilityState === 'visible' ? 1 : 2;
}
