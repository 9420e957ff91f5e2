import { newUuid } from '../account/uuid.js';
import type { Clock, Logger, Transport, TransportFactory, TransportHandlers } from '../ports.js';
import { LeaderSeat } from './leader-seat.js';
import type { TabMessage } from './messages.js';
import type { Lead, TabChannel, TabLocks } from './ports.js';
import { TabLink } from './tab-link.js';

/** What `createClient({ transport })` takes, so that the tabs of an app hold one connection between them. */
export interface SharedConnection {
  readonly transport: TransportFactory;
  /** This tab holds the connection that all use. */
  readonly leads: boolean;
  /** Leaves the others, who go on with another leader. After the client's `close`. */
  close(): void;
}

/** What tabs share a connection by, and over. */
export interface TabPorts {
  /** The same for the tabs that share one. */
  readonly locks: TabLocks;
  openChannel(): TabChannel;
  /** For the tab that leads. */
  readonly transport: TransportFactory;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** The connections of one tab's client, wherever they lead: to this tab's seat or to that of another. */
export class TabConnection implements SharedConnection {
  readonly #ports: TabPorts;
  readonly #links = new Set<TabLink>();
  #url = '';
  #channel: TabChannel | null = null;
  #seat: LeaderSeat | null = null;
  #lead: Lead | null = null;
  #waiting: AbortController | null = null;
  #isSeizing = false;
  /** Grows with each close: what was asked for before it comes too late. */
  #round = 0;

  constructor(ports: TabPorts) {
    this.#ports = ports;
  }

  get leads(): boolean {
    return this.#seat !== null;
  }

  readonly transport: TransportFactory = (url, handlers) => this.#open(url, handlers);

  close(): void {
    this.#round++;
    this.#waiting?.abort();
    this.#waiting = null;
    this.#stepDown();
    for (const link of [...this.#links]) link.close(1000, 'closed');
    this.#channel?.close();
    this.#channel = null;
  }

  #open(url: string, handlers: TransportHandlers): Transport {
    this.#url = url;
    const isFirst = this.#channel === null;
    this.#channel ??= this.#listen();
    const link = new TabLink(
      newUuid(),
      { ...this.#ports, channel: this.#channel, deaf: () => void this.#seize(), ended: (one) => this.#links.delete(one) },
      handlers,
    );
    this.#links.add(link);
    if (isFirst) void this.#elect();
    else queueMicrotask(() => this.#join(link)); // not before it was returned
    return link;
  }

  #listen(): TabChannel {
    const channel = this.#ports.openChannel();
    channel.listen((message) => this.#heard(message));
    return channel;
  }

  #heard(message: TabMessage): void {
    this.#seat?.take(message);
    for (const link of [...this.#links]) link.take(message);
  }

  #join(link: TabLink): void {
    if (this.#seat !== null) link.lead(this.#seat);
    else link.seek();
  }

  /** Leads if nobody does; otherwise follows, and leads when its turn comes. */
  async #elect(): Promise<void> {
    const round = this.#round;
    try {
      const lead = await this.#ports.locks.lead('free');
      if (lead !== null) return this.#become(lead, round);
      if (round !== this.#round) return;
      for (const link of [...this.#links]) link.seek();
      const waiting = new AbortController();
      this.#waiting = waiting;
      const later = await this.#ports.locks.lead('wait', waiting.signal);
      if (later !== null) this.#become(later, round);
    } catch (thrown) {
      this.#refused(thrown, round);
    }
  }

  /** The leader does not answer: this tab leads in its place. */
  async #seize(): Promise<void> {
    if (this.#seat !== null || this.#isSeizing) return;
    const round = this.#round;
    this.#isSeizing = true;
    this.#ports.logger.warn('the tab that leads does not answer: this one does from now on');
    try {
      const lead = await this.#ports.locks.lead('steal');
      if (lead !== null) this.#become(lead, round);
    } catch (thrown) {
      this.#refused(thrown, round);
    } finally {
      this.#isSeizing = false;
    }
  }

  #become(lead: Lead, round: number): void {
    if (round !== this.#round || this.#channel === null || this.#seat !== null) {
      lead.release();
      return;
    }
    this.#waiting?.abort();
    this.#waiting = null;
    this.#lead = lead;
    const { clock, transport } = this.#ports;
    const seat = new LeaderSeat(newUuid(), this.#channel, clock, this.#url, transport, () => this.#yield(seat));
    this.#seat = seat;
    void lead.lost.then(() => this.#yield(seat));
    for (const link of [...this.#links]) link.lead(seat);
  }

  /** It was frozen, and others do not count on it any more, or another tab leads already. */
  #yield(seat: LeaderSeat): void {
    if (this.#seat !== seat) return;
    this.#stepDown();
    void this.#elect();
  }

  #stepDown(): void {
    const seat = this.#seat;
    this.#seat = null;
    seat?.close();
    this.#lead?.release();
    this.#lead = null;
  }

  /** The platform has locks, and allows none here. */
  #refused(thrown: unknown, round: number): void {
    if (round !== this.#round) return;
    this.#ports.logger.warn(`no connection is shared with other tabs: ${String(thrown)}`);
    for (const link of [...this.#links]) link.goAlone(this.#url, this.#ports.transport);
    this.#channel?.close();
    this.#channel = null; // the next connection tries again
  }
}
