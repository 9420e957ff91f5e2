import type { Clock, TransportFactory, TransportHandlers } from '../ports.js';
import type { TabMessage } from './messages.js';
import type { TabChannel } from './ports.js';
import { type PortOutlet, Relay } from './relay.js';

/** What waited longer than this to be heard shows that this tab was asleep: the others may have another leader, and sent it elsewhere. */
const asleepMs = 5_000;

/** The leading tab's side of the channel: hands ports to the relay, those of the own client without the channel. */
export class LeaderSeat implements PortOutlet {
  readonly #id: string;
  readonly #channel: TabChannel;
  readonly #clock: Clock;
  readonly #slept: () => void;
  readonly #relay: Relay;
  readonly #local = new Map<string, TransportHandlers>();

  /** `slept`: it should not lead any more. */
  constructor(id: string, channel: TabChannel, clock: Clock, url: string, transport: TransportFactory, slept: () => void) {
    this.#id = id;
    this.#channel = channel;
    this.#clock = clock;
    this.#slept = slept;
    this.#relay = new Relay(url, transport, clock, this);
    channel.post({ kind: 'leads', leader: id });
  }

  openLocal(port: string, handlers: TransportHandlers): void {
    this.#local.set(port, handlers);
    this.#relay.open(port, true);
  }

  sendLocal(port: string, bytes: Uint8Array): void {
    this.#relay.data(port, bytes);
  }

  leaveLocal(port: string, code: number): void {
    this.#local.delete(port);
    this.#relay.leave(port, code);
  }

  take(message: TabMessage): void {
    if (!('atMs' in message) || ('leader' in message && message.leader !== this.#id)) return;
    if (this.#clock.now() - message.atMs > asleepMs) this.#slept();
    else if (message.kind === 'open') this.#relay.open(message.port, false);
    else if (message.kind === 'leave') this.#relay.leave(message.port, message.code);
    else if (this.#relay.has(message.port)) this.#takeFrom(message);
    else this.ended([message.port], 1006, 'the leader knows of no such port');
  }

  #takeFrom(message: TabMessage & { readonly kind: 'up' | 'ask' }): void {
    const { kind, port } = message;
    this.#relay.heard(port);
    if (kind === 'up') this.#relay.data(port, message.bytes);
    else this.#channel.post({ kind: 'alive', leader: this.#id, port });
  }

  close(): void {
    this.#relay.close();
  }

  opened(port: string): void {
    const local = this.#local.get(port);
    if (local !== undefined) local.opened();
    else this.#channel.post({ kind: 'opened', leader: this.#id, port });
  }

  data(ports: readonly string[], bytes: Uint8Array): void {
    const others = ports.filter((port) => !this.#local.has(port));
    if (others.length > 0) this.#channel.post({ kind: 'down', leader: this.#id, ports: others, bytes: bytes.slice() });
    for (const port of ports) this.#local.get(port)?.received(bytes);
  }

  ended(ports: readonly string[], code: number, reason: string): void {
    const others = ports.filter((port) => !this.#local.has(port));
    if (others.length > 0) this.#channel.post({ kind: 'ended', leader: this.#id, ports: others, code, reason });
    for (const port of ports) {
      const local = this.#local.get(port);
      this.#local.delete(port);
      local?.closed(code, reason);
    }
  }
}
