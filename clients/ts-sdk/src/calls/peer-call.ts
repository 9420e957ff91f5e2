import { systemClock } from '../defaults.js';
import { Emitter } from '../emitter.js';
import { asChatError, type ChatError } from '../errors.js';
import type { Clock } from '../ports.js';
import { PeerLink } from './peer-link.js';
import type { IceServer, OngoingCall, OngoingCallEvents } from './records.js';

export interface PeerCallEvents {
  /** What a participant sends; again when they come back. */
  stream: { readonly principalId: number; readonly stream: MediaStream };
  state: { readonly principalId: number; readonly state: RTCPeerConnectionState };
  /** A participant left. */
  gone: number;
  ended: OngoingCallEvents['ended'];
  error: ChatError;
}

export interface PeerCallOptions {
  /** The own principal's id: of two offers that cross, that of the lower one gives way. */
  me: number;
  /** What this side sends, from `getUserMedia`; it stays the app's, which stops its tracks. */
  stream: MediaStream;
  iceServers?: readonly IceServer[];
  connect?: (configuration: RTCConfiguration) => RTCPeerConnection;
  clock?: Clock;
}

/** The media of a call: one connection to each of the others who take part. */
export interface PeerCall {
  readonly connections: ReadonlyMap<number, RTCPeerConnection>;
  on<K extends keyof PeerCallEvents>(event: K, handler: (payload: PeerCallEvents[K]) => void): () => void;
  /** Mutes or shows: what is off is sent as silence, or as black. */
  enable(kind: 'audio' | 'video', on: boolean): void;
  /** Another microphone, camera or screen in the place of the one that is sent, or a first one of its kind beside what is. */
  replace(track: MediaStreamTrack): Promise<void>;
  /** Hangs up and closes all connections. */
  end(): Promise<void>;
}

/** Makes the connections of a call by `RTCPeerConnection`, over the signals of the call, and makes them anew where they break. */
export function createPeerCall(call: OngoingCall, options: PeerCallOptions): PeerCall {
  return new LivePeerCall(call, options);
}

class LivePeerCall implements PeerCall {
  readonly #call: OngoingCall;
  readonly #options: PeerCallOptions;
  readonly #emitter = new Emitter<PeerCallEvents>();
  readonly #links = new Map<number, PeerLink>();
  #isOver = false;

  constructor(call: OngoingCall, options: PeerCallOptions) {
    this.#call = call;
    this.#options = options;
    // Who was there before begins; who came after this place did, perhaps before this is made, waits for an offer.
    const before = new Set(call.record.participants.filter(({ part }) => part === 'in').map(({ principalId }) => principalId));
    for (const other of call.others) this.#link(other, !before.has(other));
    call.on('joined', (other) => this.#link(other, true));
    call.on('left', (other) => this.#drop(other));
    call.on('hole', (from) => this.#links.get(from)?.lost());
    call.on('ended', (how) => this.#finish(how));
    call.on('signal', ({ from, kind, body }) => this.#links.get(from)?.take(kind, body));
    const { over } = call;
    if (over !== null) queueMicrotask(() => this.#finish(over));
  }

  get connections(): ReadonlyMap<number, RTCPeerConnection> {
    return new Map([...this.#links].map(([id, link]) => [id, link.connection]));
  }

  on<K extends keyof PeerCallEvents>(event: K, handler: (payload: PeerCallEvents[K]) => void): () => void {
    return this.#emitter.on(event, handler);
  }

  enable(kind: 'audio' | 'video', on: boolean): void {
    for (const track of this.#options.stream.getTracks()) if (track.kind === kind) track.enabled = on;
  }

  async replace(track: MediaStreamTrack): Promise<void> {
    const { stream } = this.#options;
    for (const old of stream.getTracks()) if (old.kind === track.kind) stream.removeTrack(old);
    stream.addTrack(track); // for those who come later
    // All at once: one connection that breaks meanwhile keeps the track from no other.
    await Promise.all([...this.#links.values()].map((link) => link.replace(track)));
  }

  async end(): Promise<void> {
    try {
      await this.#call.end();
    } finally {
      this.#finish('ended');
    }
  }

  #link(other: number, begins: boolean): void {
    if (this.#links.has(other)) return;
    const { iceServers = [], me, stream, connect = (configuration) => new RTCPeerConnection(configuration) } = this.#options;
    const connection = connect({ iceServers: [...iceServers] });
    connection.addEventListener('track', ({ streams }) => {
      const [shown] = streams;
      if (shown !== undefined) this.#emitter.emit('stream', { principalId: other, stream: shown });
    });
    connection.addEventListener('connectionstatechange', () => {
      this.#emitter.emit('state', { principalId: other, state: connection.connectionState });
    });
    const link = new PeerLink(connection, me < other, begins, stream, {
      clock: this.#options.clock ?? systemClock,
      send: (kind, body) => this.#call.signal(other, kind, body),
      failed: (thrown) => this.#emitter.emit('error', asChatError(thrown)),
    });
    this.#links.set(other, link);
  }

  #drop(other: number): void {
    const link = this.#links.get(other);
    if (link === undefined) return;
    link.close();
    this.#links.delete(other);
    this.#emitter.emit('gone', other);
  }

  #finish(how: OngoingCallEvents['ended']): void {
    if (this.#isOver) return;
    this.#isOver = true;
    for (const link of this.#links.values()) link.close();
    this.#links.clear();
    this.#emitter.emit('ended', how);
  }
}
