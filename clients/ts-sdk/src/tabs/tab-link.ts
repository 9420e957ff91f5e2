import type { Clock, Transport, TransportFactory, TransportHandlers } from '../ports.js';
import type { LeaderSeat } from './leader-seat.js';
import type { TabMessage } from './messages.js';
import type { TabChannel } from './ports.js';

export interface TabLinkPorts {
  readonly clock: Clock;
  readonly channel: TabChannel;
  /** The leader does not answer. */
  deaf(): void;
  ended(link: TabLink): void;
}

/** How often a leader that says nothing is asked whether it is there. */
const askMs = 5_000;
/** What is said to it at least so often, or it would forget the port. */
const talkMs = 30_000;
/** How long it may take to answer: it may be busy, and is frozen or gone if not. */
const patienceMs = 3_000;
/** A timer that is later than this shows that this tab was asleep, and tells nothing about the leader: it is asked once more. */
const lateMs = 1_000;

const lost = 1006;

type Way =
  /** It is not known yet who leads. */
  | { readonly kind: 'opening' }
  | { readonly kind: 'own'; readonly transport: Transport }
  | { readonly kind: 'local'; readonly seat: LeaderSeat }
  | { readonly kind: 'remote'; readonly leader: string }
  | { readonly kind: 'ended' };

/** One connection of the tab's client: over the channel to the tab that leads, to its own seat if this one does, or by itself. */
export class TabLink implements Transport {
  readonly #port: string;
  readonly #ports: TabLinkPorts;
  readonly #handlers: TransportHandlers;
  #way: Way = { kind: 'opening' };
  #heardAtMs: number;
  #saidAtMs: number;
  #isAnswered = false;
  #cancelTimer: () => void = () => {};

  constructor(port: string, ports: TabLinkPorts, handlers: TransportHandlers) {
    this.#port = port;
    this.#ports = ports;
    this.#handlers = handlers;
    this.#heardAtMs = this.#saidAtMs = ports.clock.now();
  }

  send(bytes: Uint8Array): void {
    const way = this.#way;
    if (way.kind === 'own') way.transport.send(bytes);
    else if (way.kind === 'local') way.seat.sendLocal(this.#port, bytes);
    else if (way.kind === 'remote')
      this.#say({ kind: 'up', leader: way.leader, port: this.#port, bytes: bytes.slice(), atMs: this.#ports.clock.now() });
  }

  close(code: number, reason: string): void {
    const way = this.#way;
    if (way.kind === 'own') way.transport.close(code, reason);
    if (way.kind === 'own' || way.kind === 'ended') return;
    if (way.kind === 'local') way.seat.leaveLocal(this.#port, code);
    else if (way.kind === 'remote') this.#say({ kind: 'leave', leader: way.leader, port: this.#port, code, atMs: this.#ports.clock.now() });
    this.#end(code, reason);
  }

  /** Looks for a leader among the other tabs. */
  seek(isSecond = false): void {
    if (this.#way.kind !== 'opening') return;
    this.#say({ kind: 'open', port: this.#port, atMs: this.#ports.clock.now() });
    this.#wait(patienceMs, (late) => (late && !isSecond ? this.seek(true) : this.#ports.deaf()));
  }

  /** This tab leads. */
  lead(seat: LeaderSeat): void {
    if (this.#way.kind === 'remote') this.#end(lost, 'this tab leads now');
    if (this.#way.kind !== 'opening') return;
    this.#cancelTimer();
    this.#way = { kind: 'local', seat };
    seat.openLocal(this.#port, {
      opened: () => this.#handlers.opened(),
      received: (bytes) => this.#handlers.received(bytes),
      closed: (code, reason) => this.#end(code, reason),
    });
  }

  /** There is nothing to share it by. */
  goAlone(url: string, transport: TransportFactory): void {
    if (this.#way.kind !== 'opening') {
      this.close(lost, 'nothing is shared any more');
      return;
    }
    this.#cancelTimer();
    this.#way = { kind: 'own', transport: transport(url, this.#handlers) };
    this.#ports.ended(this);
  }

  take(message: TabMessage): void {
    const way = this.#way;
    if (message.kind === 'leads') {
      if (way.kind === 'opening') this.seek();
      else if (way.kind === 'remote' && way.leader !== message.leader) this.#end(lost, 'another tab leads now');
    } else if (message.kind === 'opened') {
      if (way.kind === 'opening' && message.port === this.#port) this.#open(message.leader);
    } else if (way.kind === 'remote' && 'leader' in message && message.leader === way.leader) this.#takeFrom(message);
  }

  #open(leader: string): void {
    this.#way = { kind: 'remote', leader };
    this.#heardAtMs = this.#ports.clock.now();
    this.#watch();
    this.#handlers.opened();
  }

  #takeFrom(message: TabMessage): void {
    this.#heardAtMs = this.#ports.clock.now();
    this.#isAnswered = true;
    if (message.kind === 'down' && message.ports.includes(this.#port)) this.#handlers.received(message.bytes);
    else if (message.kind === 'ended' && message.ports.includes(this.#port)) this.#end(message.code, message.reason);
  }

  /** Asks now and then, and waits for an answer. */
  #watch(): void {
    this.#wait(askMs, () => {
      const now = this.#ports.clock.now();
      if (now - this.#heardAtMs >= askMs || now - this.#saidAtMs >= talkMs) this.#ask();
      else this.#watch();
    });
  }

  #ask(isSecond = false): void {
    if (this.#way.kind !== 'remote') return;
    this.#isAnswered = false;
    this.#say({ kind: 'ask', leader: this.#way.leader, port: this.#port, atMs: this.#ports.clock.now() });
    this.#wait(patienceMs, (late) => {
      if (this.#isAnswered) this.#watch();
      else if (late && !isSecond) this.#ask(true);
      else this.#ports.deaf();
    });
  }

  #say(message: TabMessage): void {
    this.#saidAtMs = this.#ports.clock.now();
    this.#ports.channel.post(message);
  }

  #wait(ms: number, action: (late: boolean) => void): void {
    this.#cancelTimer();
    const { clock } = this.#ports;
    const dueMs = clock.now() + ms;
    this.#cancelTimer = clock.after(ms, () => action(clock.now() - dueMs > lateMs));
  }

  #end(code: number, reason: string): void {
    if (this.#way.kind === 'ended') return;
    this.#way = { kind: 'ended' };
    this.#cancelTimer();
    this.#ports.ended(this);
    this.#handlers.closed(code, reason);
  }
}
