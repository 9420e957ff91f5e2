import { type Ref, readonly, ref } from 'vue';
import { TakeOver } from './takeOver';

/** The browser asks for a newer worker when the page is opened; a page that stays open does so this often, when one comes back to it. */
const AskAgainMs = 30 * 60_000;

/** As much of `navigator.serviceWorker` as is used. */
export type WorkerContainer = Pick<ServiceWorkerContainer, 'register' | 'controller' | 'addEventListener'>;

export interface PageWorker {
  /** Null where the browser has none, or could not install it: all works but notifications and the start without a network. */
  readonly registration: Promise<ServiceWorkerRegistration | null>;
  /** There is a newer version of the page. */
  readonly isOutdated: Readonly<Ref<boolean>>;
  /** Shows the newer version; `reload` is called when it is in force. */
  takeOver(): Promise<void>;
}

export function createPageWorker(
  container: WorkerContainer | undefined,
  reload: () => void,
  now: () => number = Date.now,
  page: Pick<Document, 'addEventListener' | 'visibilityState'> = document,
): PageWorker {
  const isOutdated = ref(false);
  let isAsked = false;
  let hadWorker = container?.controller != null;
  let askedAt = now();

  async function register(): Promise<ServiceWorkerRegistration | null> {
    if (!container) return null;
    // A browser may have none in a private window, or no room.
    const registration = (await container.register('/worker.js', { updateViaCache: 'none' }).catch(() => null)) ?? null;
    if (registration === null) return null;
    const look = (worker: ServiceWorker | null) => {
      const judge = () => {
        if (worker?.state === 'installed' && container.controller) isOutdated.value = true; // the first one is no news
      };
      worker?.addEventListener('statechange', judge);
      judge();
    };
    look(registration.waiting);
    look(registration.installing);
    registration.addEventListener('updatefound', () => look(registration.installing));
    page.addEventListener('visibilitychange', () => {
      if (page.visibilityState !== 'visible' || now() - askedAt < AskAgainMs) return;
      askedAt = now();
      void registration.update().catch(() => undefined); // without a network there is nothing newer
    });
    return registration;
  }

  container?.addEventListener('controllerchange', () => {
    if (isAsked) reload();
    else if (hadWorker) isOutdated.value = true; // another window of the page has taken the newer one
    hadWorker = true;
  });
  const registration = register();
  return {
    registration,
    isOutdated: readonly(isOutdated),
    async takeOver() {
      isAsked = true;
      const waiting = (await registration)?.waiting;
      if (waiting) waiting.postMessage(TakeOver);
      else reload();
    },
  };
}

let only: PageWorker | null = null;

/** The one of this page; the development server has none, which would keep what is being changed. */
export function pageWorker(): PageWorker {
  only ??= createPageWorker(import.meta.env.PROD ? navigator.serviceWorker : undefined, () => location.reload());
  return only;
}
