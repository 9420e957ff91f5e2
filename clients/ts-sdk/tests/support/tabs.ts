import type { ChatEvent, ClientOptions } from '../../src/api.js';
import type { Clock, TransportFactory } from '../../src/ports.js';
import type { TabMessage } from '../../src/tabs/messages.js';
import type { Lead, TabChannel, TabLocks } from '../../src/tabs/ports.js';
import { TabConnection } from '../../src/tabs/shared-connection.js';
import { FakeServer } from './fake-server.js';
import { ManualClock } from './manual-clock.js';
import { Browser, Page } from './pages.js';

/** What reaches a tab from outside: nothing any more once it was killed, and later while it is frozen. */
class Gate {
  #state: 'open' | 'frozen' | 'dead' = 'open';
  #queue: (() => void)[] = [];

  get isAlive(): boolean {
    return this.#state !== 'dead';
  }

  get isFrozen(): boolean {
    return this.#state === 'frozen';
  }

  pass(action: () => void): void {
    if (this.#state === 'open') action();
    else if (this.#state === 'frozen') this.#queue.push(action);
  }

  freeze(): void {
    if (this.#state === 'open') this.#state = 'frozen';
  }

  thaw(): void {
    if (this.#state !== 'frozen') return;
    this.#state = 'open';
    const queue = this.#queue;
    this.#queue = [];
    for (const action of queue) this.pass(action);
  }

  kill(): void {
    this.#state = 'dead';
    this.#queue = [];
  }
}

interface Request {
  readonly gate: Gate;
  readonly grant: (lead: Lead | null) => void;
  readonly lose: () => void;
  readonly lost: Promise<void>;
}

/** Tabs of one origin: one lock and one channel between them, as the platform has them. */
export class TabScene {
  readonly clock = new ManualClock();
  readonly server = new FakeServer(this.clock);
  readonly browser = new Browser();
  readonly tabs: Tab[] = [];
  readonly channels = new Set<{ gate: Gate; hear: (message: TabMessage) => void }>();
  #holder: Request | null = null;
  #queue: Request[] = [];

  constructor() {
    this.server.addChat(7);
    this.server.addChat(8, 2);
  }

  async tab(more: Partial<ClientOptions> = {}): Promise<Tab> {
    const tab = new Tab(this, more);
    this.tabs.push(tab);
    await this.clock.advance(100);
    return tab;
  }

  get openSockets(): number {
    return this.server.connections.filter((connection) => connection.isOpen).length;
  }

  get leaders(): Tab[] {
    return this.tabs.filter((tab) => tab.share.leads && tab.gate.isAlive);
  }

  /** Somebody else writes; all sessions of the person hear of it. */
  say(chatId: number, text: string): void {
    const event = this.server.chats.get(chatId)?.append(text);
    if (event !== undefined) this.server.tell(event);
  }

  texts(chatId: number): (string | null)[] {
    return this.server.chats.get(chatId)?.events.map((event) => event.text) ?? [];
  }

  locks(gate: Gate): TabLocks {
    return {
      lead: (how, signal) =>
        new Promise((resolve) => {
          let lose: () => void = () => {};
          const lost = new Promise<void>((stolen) => {
            lose = stolen;
          });
          const request: Request = { gate, lost, lose: () => gate.pass(lose), grant: (lead) => gate.pass(() => resolve(lead)) };
          signal?.addEventListener('abort', () => {
            this.#queue = this.#queue.filter((one) => one !== request);
            resolve(null);
          });
          // The platform decides elsewhere, and a moment later.
          queueMicrotask(() => this.#ask(how, request));
        }),
    };
  }

  release(gate: Gate): void {
    this.#queue = this.#queue.filter((one) => one.gate !== gate);
    if (this.#holder?.gate === gate) this.#free();
  }

  #ask(how: 'free' | 'wait' | 'steal', request: Request): void {
    if (!request.gate.isAlive) return;
    if (how === 'steal') {
      this.#holder?.lose();
      this.#grant(request);
    } else if (this.#holder === null) this.#grant(request);
    else if (how === 'wait') this.#queue.push(request);
    else request.grant(null);
  }

  #grant(request: Request): void {
    this.#holder = request;
    const release = (): void => {
      if (this.#holder === request) this.#free();
    };
    request.grant({ lost: request.lost, release });
  }

  #free(): void {
    this.#holder = null;
    const next = this.#queue.shift();
    if (next !== undefined) this.#grant(next);
  }
}

/** One tab: a client with an outbox over a shared connection. */
export class Tab {
  readonly gate = new Gate();
  readonly share: TabConnection;
  readonly page: Page;
  /** What its client told, in order. */
  readonly heard: ChatEvent[] = [];
  /** Why its app was asked for a token. */
  readonly tokens: string[] = [];
  readonly #scene: TabScene;

  constructor(scene: TabScene, more: Partial<ClientOptions>) {
    this.#scene = scene;
    const { gate } = this;
    const clock: Clock = {
      now: () => scene.clock.now(),
      after: (ms, action) => {
        let isOff = false;
        const cancel = scene.clock.after(ms, () => gate.pass(() => !isOff && action()));
        return () => {
          isOff = true;
          cancel();
        };
      },
    };
    this.share = new TabConnection({
      locks: scene.locks(gate),
      openChannel: () => this.#channel(),
      transport: this.#transport,
      clock,
      logger: { warn() {} },
    });
    this.page = new Page(
      scene.browser,
      scene.server,
      scene.clock,
      {},
      {
        transport: this.share.transport,
        clock,
        token: async (why) => {
          this.tokens.push(why);
          return 'token';
        },
        ...more,
      },
    );
    this.client.on('message', (event) => this.heard.push(event));
  }

  get client(): Page['client'] {
    return this.page.client;
  }

  get isOnline(): boolean {
    return this.client.state.kind === 'online';
  }

  /** As if its process had ended. */
  kill(): void {
    this.gate.kill();
    this.page.kill();
    for (const connection of this.#sockets) connection.close(1006);
    this.#scene.release(this.gate);
  }

  freeze(): void {
    this.gate.freeze();
  }

  async thaw(): Promise<void> {
    this.gate.thaw();
    await this.#scene.clock.advance(0);
  }

  async close(): Promise<void> {
    await this.client.close();
    await this.page.outbox.close();
    this.share.close();
    this.kill();
  }

  readonly #sockets: FakeServer['connections'] = [];

  readonly #transport: TransportFactory = (url, handlers) => {
    const { gate } = this;
    const { server } = this.#scene;
    if (!gate.isAlive) return { send() {}, close() {} }; // a token that it waited for when it was killed is of no use to it
    const transport = server.transport(url, {
      opened: () => gate.pass(() => handlers.opened()),
      received: (bytes) => gate.pass(() => handlers.received(bytes)),
      closed: (code, reason) => gate.pass(() => handlers.closed(code, reason)),
    });
    this.#sockets.push(server.connection);
    return { send: (bytes) => gate.isAlive && transport.send(bytes), close: (code, reason) => transport.close(code, reason) };
  };

  #channel(): TabChannel {
    const { gate } = this;
    const { channels } = this.#scene;
    const own = { gate, hear: (_: TabMessage): void => {} };
    channels.add(own);
    return {
      post: (message) => {
        if (!gate.isAlive) return;
        for (const other of channels) {
          if (other === own) continue;
          const copy = structuredClone(message);
          queueMicrotask(() => other.gate.pass(() => other.hear(copy)));
        }
      },
      listen: (handler) => {
        own.hear = handler;
      },
      close: () => {
        own.hear = () => {};
        channels.delete(own);
      },
    };
  }
}
