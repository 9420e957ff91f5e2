import type { TabMessage } from './messages.js';
import type { Lead, TabChannel, TabLocks } from './ports.js';

/** Leadership as a Web Lock. */
export class WebTabLocks implements TabLocks {
  readonly #name: string;

  constructor(name: string) {
    this.#name = name;
  }

  lead(how: 'free' | 'wait' | 'steal', signal?: AbortSignal): Promise<Lead | null> {
    const options: LockOptions = how === 'wait' ? { ...(signal && { signal }) } : how === 'free' ? { ifAvailable: true } : { steal: true };
    return new Promise((resolve, reject) => {
      let lose: () => void = () => {};
      const lost = new Promise<void>((stolen) => {
        lose = stolen;
      });
      const holding = navigator.locks.request(this.#name, options, (lock) => {
        if (lock === null) return resolve(null);
        return new Promise<void>((release) => resolve({ lost, release }));
      });
      holding.catch((thrown: unknown) => {
        if (!(thrown instanceof DOMException && thrown.name === 'AbortError')) return reject(thrown);
        resolve(null); // it was given up while it waited; of one that was held, this does nothing, and it was stolen
        lose();
      });
    });
  }
}

/** A channel of the pages of one origin. */
export class WebTabChannel implements TabChannel {
  readonly #channel: BroadcastChannel;

  constructor(name: string) {
    this.#channel = new BroadcastChannel(name);
  }

  post(message: TabMessage): void {
    this.#channel.postMessage(message);
  }

  listen(handler: (message: TabMessage) => void): void {
    this.#channel.onmessage = ({ data }: MessageEvent<TabMessage>) => handler(data);
  }

  close(): void {
    this.#channel.close();
  }
}

/** Whether the platform has what tabs share a connection by: not where the origin is not secure, nor in old browsers. */
export function tabsWork(): boolean {
  const { navigator } = globalThis as { navigator?: { locks?: LockManager } }; // of which Node.js 20 has none
  return navigator?.locks !== undefined && typeof BroadcastChannel === 'function';
}
