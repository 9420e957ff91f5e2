import type { Clock } from '../ports.js';
import type { SignalKind } from './records.js';

/** A connection that does not come about, or breaks, is negotiated anew after this (protocol-spec.md §8.12). */
const patienceMs = 10_000;
/** What is disconnected often comes back by itself. */
const pauseMs = 4_000;

export interface PeerLinkPorts {
  readonly clock: Clock;
  send(kind: SignalKind, body: string): void;
  failed(thrown: unknown): void;
}

/**
 * Negotiates one connection with one participant by the pattern of perfect negotiation (W3C WebRTC §10.7): either side may offer at any
 * time, and of two offers that cross that of the impolite side counts.
 */
export class PeerLink {
  readonly connection: RTCPeerConnection;
  readonly #polite: boolean;
  readonly #stream: MediaStream;
  readonly #ports: PeerLinkPorts;
  #makingOffer = false;
  #ignoresOffer = false;
  #sends = false;
  #isClosed = false;
  /** One signal after another. */
  #taking: Promise<void> = Promise.resolve();
  #cancelWatch: () => void = () => {};

  /** @param begins This side was there first: it offers, and the other one waits for that. */
  constructor(connection: RTCPeerConnection, polite: boolean, begins: boolean, stream: MediaStream, ports: PeerLinkPorts) {
    this.connection = connection;
    this.#polite = polite;
    this.#stream = stream;
    this.#ports = ports;
    connection.onicecandidate = ({ candidate }) => ports.send('candidate', candidate === null ? '' : JSON.stringify(candidate.toJSON()));
    connection.onnegotiationneeded = () => void this.#offer(false);
    connection.addEventListener('connectionstatechange', () => this.#stateChanged());
    if (begins) this.#send();
    this.#watch(patienceMs);
  }

  take(kind: SignalKind, body: string): void {
    this.#taking = this.#taking
      .then(() => (this.#isClosed ? undefined : this.#apply(kind, body)))
      .catch((thrown: unknown) => {
        if (!this.#isClosed) this.#ports.failed(thrown);
      });
  }

  /** Sends another track in the place of that of its kind; where none was sent, it is agreed upon anew. */
  async replace(track: MediaStreamTrack): Promise<void> {
    if (!this.#sends) return; // it goes with all others
    const sender = this.connection.getSenders().find((one) => one.track?.kind === track.kind);
    if (sender) await sender.replaceTrack(track);
    else this.connection.addTrack(track, this.#stream);
  }

  /** Signals of the other side were lost. What it answered to is asked again; the rest it begins anew. */
  lost(): void {
    this.#ports.send('restart', '');
    if (this.connection.signalingState === 'have-local-offer') void this.#offer(true);
  }

  close(): void {
    this.#isClosed = true;
    this.#cancelWatch();
    this.connection.close();
  }

  async #apply(kind: SignalKind, body: string): Promise<void> {
    switch (kind) {
      case 'offer':
        return this.#answer(body);
      case 'answer':
        // One that comes when there is no offer of ours any more belongs to an earlier one.
        if (this.connection.signalingState === 'have-local-offer')
          await this.connection.setRemoteDescription({ type: 'answer', sdp: body });
        return;
      case 'candidate':
        return this.#addCandidate(body);
      case 'restart':
        return this.#offer(true);
    }
  }

  async #answer(sdp: string): Promise<void> {
    const collides = this.#makingOffer || this.connection.signalingState !== 'stable';
    this.#ignoresOffer = !this.#polite && collides;
    if (this.#ignoresOffer) return;
    await this.connection.setRemoteDescription({ type: 'offer', sdp }); // takes back an offer of ours
    this.#send();
    await this.connection.setLocalDescription();
    this.#ports.send('answer', this.connection.localDescription?.sdp ?? '');
  }

  async #addCandidate(body: string): Promise<void> {
    if (this.connection.remoteDescription === null) return; // of an offer that was lost, or ignored: another one comes
    try {
      await this.connection.addIceCandidate(body === '' ? undefined : (JSON.parse(body) as RTCIceCandidateInit));
    } catch (thrown) {
      // Of an offer that was ignored, or of one before the present: nothing is lost by it.
      if (!this.#ignoresOffer && this.connection.signalingState === 'stable' && this.connection.connectionState !== 'connected') {
        this.#ports.failed(thrown);
      }
    }
  }

  async #offer(iceRestart: boolean): Promise<void> {
    if (this.#isClosed || this.#makingOffer || this.connection.signalingState === 'have-remote-offer') return;
    this.#makingOffer = true;
    try {
      this.#send();
      const offer = await this.connection.createOffer({ iceRestart });
      const { signalingState } = this.connection;
      if (this.#isClosed || (signalingState !== 'stable' && signalingState !== 'have-local-offer')) return; // the other side was faster
      await this.connection.setLocalDescription(offer);
      this.#ports.send('offer', this.connection.localDescription?.sdp ?? '');
      this.#watch(patienceMs);
    } catch (thrown) {
      if (!this.#isClosed) this.#ports.failed(thrown);
    } finally {
      this.#makingOffer = false;
    }
  }

  /** Puts the own tracks in, once. */
  #send(): void {
    if (this.#sends) return;
    this.#sends = true;
    for (const track of this.#stream.getTracks()) this.connection.addTrack(track, this.#stream);
  }

  #stateChanged(): void {
    const { connectionState } = this.connection;
    if (connectionState === 'connected') this.#cancelWatch();
    else if (connectionState === 'failed') void this.#offer(true);
    else if (connectionState === 'disconnected') this.#watch(pauseMs);
  }

  #watch(ms: number): void {
    this.#cancelWatch();
    this.#cancelWatch = this.#ports.clock.after(ms, () => {
      if (this.#isClosed || this.connection.connectionState === 'connected') return;
      this.#watch(patienceMs);
      void this.#offer(true);
    });
  }
}
