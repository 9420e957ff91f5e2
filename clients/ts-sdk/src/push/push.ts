import { fromBase64url, toBase64url } from '../account/base64url.js';
import { arrayOf, isObject, objectOf, oneOf, optionalText, textOf } from '../account/json.js';
import type { HttpMethod } from '../account/rest.js';
import { callSignedIn } from '../account/signed-in.js';
import type { ClientOptions } from '../api.js';
import * as errorCodes from '../error-codes.js';
import { ChatError } from '../errors.js';

/**
 * Notifications to this device while no page of the app is connected: over REST, and apart from the core. What the service worker needs to show
 * them is in `@chat/sdk/worker`. They are hints: the app has all messages without them.
 */
export interface Push {
  /**
   * Asks the browser for a subscription, which asks the person once (call it from a click), and gives it to the service. Again, it changes what a
   * notification may say; a subscription to another key than the service's is replaced. Fails as `pushManager.subscribe` does, with
   * `NotAllowedError` where the person does not want it: show what comes in the app then. With `push_transport_off` where the service pushes to
   * no browser.
   */
  enable(options: { registration: PushRegistration; content?: PushContent }): Promise<PushSubscriptionState>;
  /** Ends it, here and at the service; twice is no failure. */
  disable(options?: { registration?: PushRegistration }): Promise<void>;
  state(): Promise<PushState>;
}

/** What a notification may say: who wrote what, who wrote, or that something came. */
export type PushContent = 'full' | 'sender' | 'none';

export type PushTransport = 'web' | 'fcm' | 'apns';

export interface PushState {
  /** What browsers subscribe with; null when the service pushes to none. */
  readonly publicKey: string | null;
  readonly transports: readonly (PushTransport | 'unknown')[];
  /** This device's; null when it has none. */
  readonly subscription: PushSubscriptionState | null;
}

export interface PushSubscriptionState {
  readonly transport: PushTransport | 'unknown';
  readonly endpoint: string;
  readonly content: PushContent | 'unknown';
  /** ISO 8601. */
  readonly createdAt: string;
  /** ISO 8601. */
  readonly changedAt: string;
}

/** As much of a `ServiceWorkerRegistration` as is used. */
export interface PushRegistration {
  readonly pushManager: {
    getSubscription(): Promise<BrowserSubscription | null>;
    subscribe(options: { userVisibleOnly: boolean; applicationServerKey: Uint8Array<ArrayBuffer> }): Promise<BrowserSubscription>;
  };
}

/** As much of a browser's `PushSubscription` as is used. */
export interface BrowserSubscription {
  readonly endpoint: string;
  readonly options: { readonly applicationServerKey: ArrayBuffer | null };
  getKey(name: 'p256dh' | 'auth'): ArrayBuffer | null;
  unsubscribe(): Promise<boolean>;
}

const transports: readonly PushTransport[] = ['web', 'fcm', 'apns'];
const contents: readonly PushContent[] = ['full', 'sender', 'none'];

/** Takes what `createClient` takes: the same address and tokens. */
export function createPush(options: Pick<ClientOptions, 'url' | 'token'>): Push {
  return new LivePush((method, path, body) => callSignedIn(options.url, options.token, { method, path, body }));
}

export class LivePush implements Push {
  readonly #rest: (method: HttpMethod, path: string, body?: unknown) => Promise<unknown>;

  constructor(rest: (method: HttpMethod, path: string, body?: unknown) => Promise<unknown>) {
    this.#rest = rest;
  }

  async enable({
    registration,
    content = 'full',
  }: {
    registration: PushRegistration;
    content?: PushContent;
  }): Promise<PushSubscriptionState> {
    const { publicKey } = await this.state();
    if (publicKey === null) throw new ChatError(errorCodes.push_transport_off, 'This service does not push to browsers.');

    const { pushManager } = registration;
    let subscription = await pushManager.getSubscription();
    if (subscription !== null && keyText(subscription.options.applicationServerKey) !== publicKey) {
      await subscription.unsubscribe(); // the service has another key now, and could not push to it
      subscription = null;
    }
    subscription ??= await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: fromBase64url(publicKey) });
    return subscriptionOf(
      await this.#rest('PUT', '/api/push', {
        transport: 'web',
        endpoint: subscription.endpoint,
        p256dh: keyText(subscription.getKey('p256dh')),
        auth: keyText(subscription.getKey('auth')),
        content,
      }),
    );
  }

  async disable({ registration }: { registration?: PushRegistration } = {}): Promise<void> {
    await this.#rest('DELETE', '/api/push');
    await (await registration?.pushManager.getSubscription())?.unsubscribe();
  }

  async state(): Promise<PushState> {
    const answer = await this.#rest('GET', '/api/push');
    return {
      publicKey: optionalText(answer, 'publicKey'),
      transports: arrayOf(answer, 'transports').map((name) => oneOf(transports, String(name))),
      subscription: isObject(answer) && answer['subscription'] != null ? subscriptionOf(objectOf(answer, 'subscription')) : null,
    };
  }
}

function subscriptionOf(answer: unknown): PushSubscriptionState {
  return {
    transport: oneOf(transports, textOf(answer, 'transport')),
    endpoint: textOf(answer, 'endpoint'),
    content: oneOf(contents, textOf(answer, 'content')),
    createdAt: textOf(answer, 'createdAt'),
    changedAt: textOf(answer, 'changedAt'),
  };
}

/** Of a key that the browser does not give: no text, which the service refuses. */
function keyText(bytes: ArrayBuffer | null): string {
  return toBase64url(bytes ?? new ArrayBuffer(0));
}
