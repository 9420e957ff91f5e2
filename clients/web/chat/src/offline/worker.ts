import { isSeenBy, openFrom, type PageWindow } from '../notifications/opening';
import { pushLanguage } from '../notifications/pushLanguage';
import { pushOwner } from '../notifications/pushOwner';
import { endSubscription } from '../notifications/quietDevice';
import { createTelling, isTold } from '../notifications/telling';
import { answerFor, createShellCache, type Shell } from './shell';
import { TakeOver } from './takeOver';

// The page's service worker: keeps the page for when there is no network, and shows what is pushed. Built as a file of its own (worker.vite.ts).

/** As much of a `ServiceWorkerGlobalScope` as is used; the page's own types have none. */
interface WorkerScope {
  readonly registration: ServiceWorkerRegistration;
  readonly clients: {
    claim(): Promise<void>;
    matchAll(filter: { type: 'window'; includeUncontrolled: boolean }): Promise<readonly PageWindow[]>;
    openWindow(path: string): Promise<unknown>;
  };
  skipWaiting(): Promise<void>;
  addEventListener<K extends keyof WorkerEvents>(kind: K, listener: (event: WorkerEvents[K]) => void): void;
}

interface Waiting {
  waitUntil(work: Promise<unknown>): void;
}

interface WorkerEvents {
  install: Waiting;
  activate: Waiting;
  fetch: { readonly request: Request; respondWith(answer: Promise<Response>): void };
  message: Waiting & { readonly data: unknown };
  push: Waiting & { readonly data: { json(): unknown } | null };
  notificationclick: Waiting & { readonly notification: Notification };
}

declare const __SHELL__: Shell;

const worker = self as unknown as WorkerScope;
const shell = __SHELL__;
const cache = createShellCache(shell, {
  caches,
  fetch: (request, init) => fetch(request, init),
  after: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
});
const windows = () => worker.clients.matchAll({ type: 'window', includeUncontrolled: true });
const telling = createTelling(worker.registration, {
  owner: pushOwner,
  language: () => pushLanguage(navigator.languages),
  isSeen: async (owner) => isSeenBy(owner, await windows()),
  end: () => endSubscription(worker.registration),
});

worker.addEventListener('install', (event) => event.waitUntil(cache.fill()));
worker.addEventListener('activate', (event) => event.waitUntil(cache.dropOthers().then(() => worker.clients.claim())));
worker.addEventListener('fetch', (event) => {
  const how = answerFor(event.request, shell, location.origin);
  if (how !== null) event.respondWith(cache.answer(event.request, how));
});
worker.addEventListener('message', (event) => {
  if (event.data === TakeOver) event.waitUntil(worker.skipWaiting());
  else if (isTold(event.data)) event.waitUntil(telling.told(event.data));
});
worker.addEventListener('push', (event) => event.waitUntil(telling.pushed(event.data)));
worker.addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(openFrom(event.notification.data, windows, (path) => worker.clients.openWindow(path)));
});
