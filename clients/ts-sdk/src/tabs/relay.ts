import { int } from '../codec/fields.js';
import { MalformedFrameError, throwMalformed } from '../codec/malformed.js';
import type { closeCodes } from '../codes.js';
import { encodeFrame, readFrame } from '../frames/frame.js';
import { pushes } from '../frames/pushes.js';
import { replies } from '../frames/replies.js';
import { requests } from '../frames/requests.js';
import { presencePushes, presenceRequests } from '../people/presences.js';
import type { Clock, TransportFactory } from '../ports.js';
import { type CutFrame, framesOf } from './renumber.js';
import { type Hello, Session } from './session.js';

/** The way back to the ports. */
export interface PortOutlet {
  opened(port: string): void;
  data(ports: readonly string[], bytes: Uint8Array): void;
  ended(ports: readonly string[], code: number, reason: string): void;
}

interface Port {
  readonly id: string;
  readonly isLocal: boolean;
  hello: { readonly requestId: number; readonly value: Hello } | null;
  /** The session that it waits for, or is in; null while that is another one, which comes to its end. */
  session: Session | null;
  isWelcomed: boolean;
  watched: readonly number[];
  heardAtMs: number;
}

/** A client's frames are at most this long (protocol-spec.md §3.4). */
const maxClientBodyBytes = 65_536;
/** A port that waited in vain for a sign of life says so; the socket is dead if nothing came for anybody. */
const silentMs = 1_000;
/** As long without a welcome, and a client gave up waiting: the socket leads nowhere, however many others wait at it. */
const hungMs = 10_000;
/** Ports of tabs that ended without a word; those that live say something every two minutes at least, however seldom their timers run. */
const forgetMs = 180_000;

const lost = 1006;
const idleTimeout: (typeof closeCodes)['idle_timeout'] = 4002;
const malformed: (typeof closeCodes)['malformed_frame'] = 4500;
const wrongState: (typeof closeCodes)['wrong_state'] = 4502;

/**
 * A small server of the protocol in the tab that leads: each client, its own and those of the other tabs, has a connection to it, a port,
 * and all of them share one session at the service. It answers hello from what that session was told, gives requests numbers of its own,
 * watches for all whom any watches, and passes on the rest as it is.
 */
export class Relay {
  readonly #url: string;
  readonly #transport: TransportFactory;
  readonly #clock: Clock;
  readonly #outlet: PortOutlet;
  readonly #ports = new Map<string, Port>();
  #session: Session | null = null;
  /** The server said goodbye: who comes now waits for the next session. */
  #isDraining = false;

  constructor(url: string, transport: TransportFactory, clock: Clock, outlet: PortOutlet) {
    this.#url = url;
    this.#transport = transport;
    this.#clock = clock;
    this.#outlet = outlet;
  }

  has(port: string): boolean {
    return this.#ports.has(port);
  }

  open(id: string, isLocal: boolean): void {
    if (this.#ports.has(id)) return;
    this.#forgetSilent();
    const port: Port = { id, isLocal, hello: null, session: null, isWelcomed: false, watched: [], heardAtMs: this.#clock.now() };
    this.#ports.set(id, port);
    this.#outlet.opened(id);
  }

  /** The port's tab lives. */
  heard(id: string): void {
    const port = this.#ports.get(id);
    if (port !== undefined) port.heardAtMs = this.#clock.now();
  }

  data(id: string, bytes: Uint8Array): void {
    const port = this.#ports.get(id);
    if (port === undefined) return;
    try {
      for (const frame of framesOf(bytes, maxClientBodyBytes)) {
        this.#take(port, frame);
        if (!this.#ports.has(id)) return;
      }
    } catch (thrown) {
      if (!(thrown instanceof MalformedFrameError)) throw thrown;
      this.#expel(port, malformed, thrown.message); // its own fault: the others go on
    }
  }

  leave(id: string, code: number): void {
    if (!this.#ports.delete(id)) return;
    const session = this.#session;
    if (session === null) return;
    if (code === idleTimeout && session.silentForMs >= silentMs) session.end(lost, 'no sign of life', idleTimeout);
    else if (!session.isOnline && session.silentForMs >= hungMs) session.end(lost, 'no welcome', 1000);
    else if (!this.#of(session).length) session.end(lost, 'nobody is left', 1000);
  }

  /** Leads no more. */
  close(): void {
    const ids = [...this.#ports.keys()];
    this.#ports.clear();
    const session = this.#session;
    this.#session = null;
    session?.end(lost, '', 1000);
    if (ids.length > 0) this.#outlet.ended(ids, lost, 'this tab leads no more');
  }

  #of(session: Session): Port[] {
    return [...this.#ports.values()].filter((port) => port.session === session);
  }

  #take(port: Port, frame: CutFrame): void {
    const { type, requestId } = frame.header;
    if (type === requests.hello.type) {
      if (port.hello === null) {
        port.hello = { requestId, value: readFrame(requests.hello, frame.header) };
        this.#greet(port);
      } else this.#expel(port, wrongState, 'a second hello');
    } else if (!port.isWelcomed || port.session === null) this.#expel(port, wrongState, 'a request before the welcome');
    else if (type === presenceRequests.watchPresence.type) this.#watch(port, port.session, frame);
    else port.session.ask(port.id, frame);
  }

  #greet(port: Port): void {
    if (this.#isDraining) return; // greeted when the session has ended
    const session = this.#session ?? this.#begin();
    port.session = session;
    if (session.isOnline) this.#welcome(port, session);
    else if (session.isBlank) this.#introduce(session);
  }

  #begin(): Session {
    const session: Session = new Session(this.#url, this.#transport, this.#clock, {
      opened: () => this.#introduce(session),
      welcomed: () => {
        for (const port of this.#of(session)) this.#welcome(port, session);
      },
      replied: (id, bytes) => {
        if (this.#ports.has(id)) this.#outlet.data([id], bytes);
      },
      pushed: (frame) => this.#pushed(session, frame),
      ended: (code, reason) => this.#ended(session, code, reason),
    });
    this.#session = session;
    return session;
  }

  /** With the hello of who holds the most: it tells how far most chats go. */
  #introduce(session: Session): void {
    const hellos = this.#of(session).flatMap(({ hello }) => hello ?? []);
    const [fullest] = hellos.sort((a, b) => b.value.positions.length - a.value.positions.length);
    if (fullest !== undefined) session.greet(fullest.value);
  }

  #welcome(port: Port, session: Session): void {
    if (port.hello === null || port.isWelcomed) return;
    port.isWelcomed = true;
    this.#outlet.data([port.id], encodeFrame(replies.welcome, port.hello.requestId, session.welcomeOf(port.hello.value)));
  }

  /** The server watches one list for all: what is asked for now, and as much of the other lists as fits. */
  #watch(port: Port, session: Session, { header }: CutFrame): void {
    const { principalIds } = readFrame(presenceRequests.watchPresence, header);
    if (principalIds.length > session.maxWatched) throwMalformed('too many people to watch');
    port.watched = principalIds;
    const all = new Set([...principalIds, ...this.#of(session).flatMap(({ watched }) => watched)]);
    session.watch(port.id, header.requestId, principalIds, [...all].slice(0, session.maxWatched));
  }

  #pushed(session: Session, frame: CutFrame): void {
    const { type, fields } = frame.header;
    let ports = this.#of(session).filter(({ isWelcomed }) => isWelcomed);
    if (type === presencePushes.presence.type) {
      const principalId = int.unpack(fields[0] ?? null);
      ports = ports.filter(({ watched }) => watched.includes(principalId));
    } else if (type === pushes.tokenExpiring.type) {
      ports = [ports.find(({ isLocal }) => isLocal) ?? ports[0]].flatMap((port) => port ?? []); // one tab asks for a token, for all
    } else if (type === pushes.goodbye.type) this.#isDraining = true;
    const ids = ports.map(({ id }) => id);
    if (ids.length > 0) this.#outlet.data(ids, frame.whole.slice());
  }

  #ended(session: Session, code: number, reason: string): void {
    if (this.#session !== session) return;
    this.#session = null;
    this.#isDraining = false;
    const ids = this.#of(session).map(({ id }) => id);
    for (const id of ids) this.#ports.delete(id);
    if (ids.length > 0) this.#outlet.ended(ids, code, reason);
    for (const port of [...this.#ports.values()]) if (port.hello !== null && port.session === null) this.#greet(port);
  }

  #expel(port: Port, code: number, reason: string): void {
    this.leave(port.id, code);
    this.#outlet.ended([port.id], code, reason);
  }

  #forgetSilent(): void {
    const since = this.#clock.now() - forgetMs;
    for (const { id, isLocal, heardAtMs } of [...this.#ports.values()]) if (!isLocal && heardAtMs < since) this.leave(id, lost);
  }
}
