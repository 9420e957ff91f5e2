import type { OutboxLanes } from './lanes.js';

/** Lanes as Web Locks, which the browser gives back when a page ends, however it ends; never stolen. */
export class WebLanes implements OutboxLanes {
  readonly #prefix: string;
  #channel: BroadcastChannel | null = null;

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  hold(lane: string, signal: AbortSignal): Promise<(() => void) | null> {
    return this.#request(lane, { signal });
  }

  tryHold(lane: string): Promise<(() => void) | null> {
    return this.#request(lane, { ifAvailable: true });
  }

  async held(): Promise<string[]> {
    const { held = [] } = await navigator.locks.query();
    return held.flatMap(({ name = '' }) => (name.startsWith(this.#prefix) ? [name.slice(this.#prefix.length)] : []));
  }

  announce(lane: string): void {
    this.#channel?.postMessage(lane);
  }

  listen(handler: (lane: string) => void): void {
    this.#channel = new BroadcastChannel(this.#prefix);
    this.#channel.onmessage = ({ data }: MessageEvent<unknown>) => {
      if (typeof data === 'string') handler(data);
    };
  }

  close(): void {
    this.#channel?.close();
    this.#channel = null;
  }

  #request(lane: string, options: LockOptions): Promise<(() => void) | null> {
    return new Promise((resolve, reject) => {
      const holding = navigator.locks.request(this.#prefix + lane, options, (lock) => {
        if (lock === null) return resolve(null);
        return new Promise<void>((release) => resolve(release));
      });
      holding.catch((thrown: unknown) => {
        if (thrown instanceof DOMException && thrown.name === 'AbortError') resolve(null);
        else reject(thrown);
      });
    });
  }
}
