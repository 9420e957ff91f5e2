import { type NotificationPlace, type PushPayload, readPush, showPush, tagOf } from '@chat/sdk/worker';
import { pushTexts } from './pushTexts';

/** What a page that nobody looks at, but that is connected, so that nothing is pushed, asks the worker to tell. */
export interface Told {
  readonly tell: PushPayload;
  /** Whose page it is. */
  readonly owner: number;
  readonly silent: boolean;
}

export function isTold(data: unknown): data is Told {
  return (
    typeof data === 'object' &&
    data !== null &&
    'tell' in data &&
    typeof data.tell === 'object' &&
    data.tell !== null &&
    'owner' in data &&
    typeof data.owner === 'number'
  );
}

/** What there is of a system's notifications beside a payload's words. */
const Look = { icon: '/icons/192.png', badge: '/icons/badge.png' } as const;

/** What is asked of the browser. */
export interface TellingPorts {
  /** Whose notifications this browser shows; null: nobody's. */
  owner(): Promise<number | null>;
  /** What the page speaks, as a tag. */
  language(): Promise<string>;
  /** Somebody looks at a page of theirs. */
  isSeen(owner: number): Promise<boolean>;
  /** Nobody is to be pushed to any more. */
  end(): Promise<void>;
}

/**
 * Shows what happened as notifications of the system, one after another; none while somebody looks at their page, which shows it itself. Each
 * keeps whose it is beside its payload, and has a tag of theirs: two accounts may be in one chat.
 */
export function createTelling(place: NotificationPlace, { owner, language, isSeen, end }: TellingPorts) {
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    const mine = last.then(work);
    last = mine.catch(() => undefined); // the browser hears of it by what is returned
    return mine;
  };
  const placeOf = (whose: number, silent: boolean): NotificationPlace => ({
    showNotification: (title, options) =>
      place.showNotification(title, {
        ...options,
        ...Look,
        tag: ownTag(whose, options.tag),
        data: { ...options.data, owner: whose },
        silent: silent || options.silent === true,
      }),
    getNotifications: ({ tag }) => place.getNotifications({ tag: ownTag(whose, tag) }),
  });
  // A browser takes the subscription of who shows nothing.
  const hint = async () => {
    const texts = pushTexts(await language());
    await place.showNotification(texts.app, { ...Look, tag: 'unknown', body: texts.newMessages(1) });
  };

  return {
    pushed: (data: Parameters<typeof readPush>[0]) =>
      inTurn(async () => {
        const whose = await owner();
        if (whose === null) {
          await hint(); // signed out, which the service has not heard
          return end();
        }
        if (await isSeen(whose)) return;
        const push = readPush(data);
        if (push !== null) await showPush(placeOf(whose, false), push, pushTexts(await language()));
        else await hint();
      }),
    /** By each page of the person's that is open: the same message is told once. */
    told: ({ tell, owner: whose, silent }: Told) =>
      inTurn(async () => {
        const own = placeOf(whose, silent);
        const shown = await own.getNotifications({ tag: tagOf(tell) });
        if (tell.kind === 'call_ended') return close(shown);
        if ((await isSeen(whose)) || shown.some(({ data }) => isSame(data, tell))) return;
        await showPush(own, tell, pushTexts(await language()));
      }),
  };
}

function ownTag(owner: number, tag = ''): string {
  return `${owner}-${tag}`;
}

function close(shown: readonly { close(): void }[]): void {
  for (const one of shown) one.close();
}

function isSame(data: unknown, tell: PushPayload): boolean {
  const before = data as Partial<PushPayload> | null | undefined;
  if (tell.kind === 'message') return before?.kind === 'message' && (before.sequence ?? 0) >= tell.sequence;
  return before?.kind === tell.kind;
}
