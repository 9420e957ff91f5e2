import type { ChatClient, ClientOptions } from '../../src/api.js';
import { createClient } from '../../src/client.js';
import type { OutboxLanes } from '../../src/offline/lanes.js';
import { type KeepingOptions, OutboxKeeping } from '../../src/offline/outbox-keeping.js';
import type { KeptMessage, OutboxStore, TransportFactory } from '../../src/ports.js';
import { type FakeServer, me } from './fake-server.js';
import type { ManualClock } from './manual-clock.js';

/** What outlives pages: messages by account and id, and who holds which lane. */
export class Browser {
  readonly disk = new Map<string, KeptMessage>();
  readonly #owners = new Map<string, Page>();
  readonly #waiting = new Map<string, { page: Page; take: () => void }[]>();
  readonly pages = new Set<Page>();
  /** What the store answers instead of writing. */
  fault: Error | null = null;
  /** The store answers nothing any more. */
  hangs = false;
  /** How often anything was to be written. */
  writes = 0;

  held(): string[] {
    return [...this.#owners.keys()];
  }

  hold(lane: string, page: Page, wait: boolean, taken: (release: (() => void) | null) => void): void {
    if (!this.#owners.has(lane)) {
      this.#owners.set(lane, page);
      taken(() => this.release(lane, page));
    } else if (wait) {
      const waiting = this.#waiting.get(lane) ?? [];
      this.#waiting.set(lane, [...waiting, { page, take: () => this.hold(lane, page, true, taken) }]);
    } else taken(null);
  }

  release(lane: string, page: Page): void {
    if (this.#owners.get(lane) !== page) return;
    this.#owners.delete(lane);
    const waiting = (this.#waiting.get(lane) ?? []).filter((one) => this.pages.has(one.page));
    this.#waiting.set(lane, waiting.slice(1));
    waiting[0]?.take();
  }

  end(page: Page): void {
    this.pages.delete(page);
    for (const [lane, owner] of [...this.#owners]) if (owner === page) this.release(lane, page);
  }
}

/** A page of the browser, until it is killed: then it does nothing more, whatever its code would still like to do. */
export class Page {
  readonly client: ChatClient;
  readonly outbox: OutboxKeeping;
  readonly #browser: Browser;
  #isAlive = true;

  constructor(
    browser: Browser,
    server: FakeServer,
    clock: ManualClock,
    options: Partial<KeepingOptions> = {},
    more: Partial<ClientOptions> = {},
  ) {
    this.#browser = browser;
    browser.pages.add(this);
    this.outbox = new OutboxKeeping(this.#store(), this.#lanes(), { principalId: me, now: () => clock.now(), ...options });
    this.client = createClient({
      url: 'http://chat.test:8080',
      token: async () => 'token',
      transport: this.#transport(server),
      clock,
      random: () => 1,
      wakeSignals: { listen: () => () => {} },
      outbox: this.outbox,
      ...more,
    });
    this.client.connect().catch(() => {}); // a test asks for the state
  }

  /** As if its process had ended. */
  kill(): void {
    this.#isAlive = false;
    this.#browser.end(this);
  }

  #transport(server: FakeServer): TransportFactory {
    return (url, handlers) => {
      const alive = (action: () => void): void => {
        if (this.#isAlive) action();
      };
      const transport = server.transport(url, {
        opened: () => alive(() => handlers.opened()),
        received: (bytes) => alive(() => handlers.received(bytes)),
        closed: (code, reason) => alive(() => handlers.closed(code, reason)),
      });
      return { send: (bytes) => alive(() => transport.send(bytes)), close: (code, reason) => alive(() => transport.close(code, reason)) };
    };
  }

  /** Each step of the store takes a moment, in which the page may be killed. */
  async #step<T>(step: () => T | Promise<T>): Promise<T> {
    await Promise.resolve();
    if (!this.#isAlive) return new Promise<T>(() => {});
    const outcome = step();
    await Promise.resolve();
    return this.#isAlive ? outcome : new Promise<T>(() => {});
  }

  #store(): OutboxStore {
    const { disk } = this.#browser;
    const key = ({ principalId, clientMessageId }: Pick<KeptMessage, 'principalId' | 'clientMessageId'>): string =>
      `${principalId} ${clientMessageId}`;
    return {
      load: (principalId) =>
        this.#step(() => this.#answers([...disk.values()].filter((kept) => kept.principalId === principalId).reverse())),
      write: (puts, deletes) =>
        this.#step(() => {
          this.#browser.writes++;
          if (this.#browser.fault !== null) throw this.#browser.fault;
          for (const kept of puts) disk.set(key(kept), structuredClone(kept));
          for (const id of deletes) disk.delete(key(id));
          return this.#answers(undefined);
        }),
      close: () => {},
    };
  }

  #answers<T>(value: T): T | Promise<T> {
    return this.#browser.hangs ? new Promise<T>(() => {}) : value;
  }

  #lanes(): OutboxLanes {
    const browser = this.#browser;
    const hold = (lane: string, wait: boolean): Promise<(() => void) | null> =>
      this.#step(() => new Promise<(() => void) | null>((resolve) => browser.hold(lane, this, wait, resolve)));
    return {
      hold: (lane, signal) =>
        new Promise((resolve) => {
          signal.addEventListener('abort', () => resolve(null));
          void hold(lane, true).then(resolve);
        }),
      tryHold: (lane) => hold(lane, false),
      held: () => this.#step(() => browser.held()),
      announce: (lane) => {
        for (const page of browser.pages) if (page !== this) page.#heard(lane);
      },
      listen: (handler) => {
        this.#heard = handler;
      },
      close: () => {
        this.#heard = () => {};
      },
    };
  }

  #heard: (lane: string) => void = () => {};
}
