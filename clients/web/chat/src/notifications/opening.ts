/** As much of a `WindowClient` as is used. */
export interface PageWindow {
  readonly focused: boolean;
  readonly visibilityState: DocumentVisibilityState;
  focus(): Promise<unknown>;
  postMessage(message: OpenWish | WhoseWish, ports?: MessagePort[]): void;
}

/** A page says by the port that comes with it whose it is; one where nobody is signed in says nothing. */
export const Whose = 'whose?';
export type WhoseWish = typeof Whose;
/** For a page that sleeps, and for what is no page. */
export const AnswerMs = 500;

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

/** Those of the windows that show a person's page, the one in front first. */
export async function windowsOf<W extends PageWindow>(owner: number, windows: readonly W[]): Promise<W[]> {
  const whose = await Promise.all(windows.map(askWhose));
  return windows.filter((_, i) => whose[i] === owner).sort((a, b) => rank(a) - rank(b));
}

async function askWhose(page: PageWindow): Promise<unknown> {
  const { port1, port2 } = new MessageChannel();
  let late: ReturnType<typeof setTimeout> | undefined;
  try {
    return await new Promise((resolve) => {
      port1.onmessage = ({ data }) => resolve(data);
      late = setTimeout(() => resolve(null), AnswerMs);
      page.postMessage(Whose, [port2]);
    });
  } finally {
    clearTimeout(late);
    port1.close();
  }
}

/** Somebody looks at a page of the person's. */
export async function isSeenBy(owner: number, windows: readonly PageWindow[]): Promise<boolean> {
  return (
    (
      await windowsOf(
        owner,
        windows.filter(({ visibilityState }) => visibilityState === 'visible'),
      )
    ).length > 0
  );
}

/** Leads to what was notified: in an open window of whom it is for, the one in front first; else in a new one, which goes on as them. */
export async function openFrom(
  data: unknown,
  windows: () => Promise<readonly PageWindow[]>,
  openWindow: (path: string) => Promise<unknown>,
): Promise<void> {
  const path = pathOf(data);
  const owner = ownerOf(data);
  if (owner === null) {
    await openWindow(path); // it says nothing, and is nobody's
    return;
  }
  const [found] = await windowsOf(owner, await windows());
  if (!found) {
    await openWindow(`${path}${path.includes('?') ? '&' : '?'}as=${owner}`);
    return;
  }
  found.postMessage({ open: path });
  await found.focus();
}

/** Whose a notification is, by what it keeps; null: of nobody who is known. */
export function ownerOf(data: unknown): number | null {
  if (typeof data !== 'object' || data === null || !('owner' in data)) return null;
  return Number.isSafeInteger(data.owner) ? (data.owner as number) : null;
}

function rank({ focused, visibilityState }: PageWindow): number {
  if (focused) return 0;
  return visibilityState === 'visible' ? 1 : 2;
}
