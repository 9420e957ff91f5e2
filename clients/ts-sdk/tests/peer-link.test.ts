import { expect, test } from 'vitest';
import { PeerLink } from '../src/calls/peer-link.js';
import { ManualClock } from './support/manual-clock.js';

/** As much of RTCPeerConnection as negotiation goes by; descriptions are numbered. */
class FakeConnection extends EventTarget {
  signalingState = 'stable';
  connectionState = 'new';
  localDescription: { sdp: string } | null = null;
  remote: string[] = [];
  offers: boolean[] = [];
  candidates = 0;
  onicecandidate: unknown = null;
  onnegotiationneeded: (() => void) | null = null;
  isClosed = false;
  #made = 0;

  readonly senders: { track: { kind: string }; replaceTrack(track: { kind: string }): Promise<void> }[] = [];

  addTrack(track: { kind: string }): void {
    const sender = {
      track,
      replaceTrack: async (other: { kind: string }) => {
        sender.track = other;
      },
    };
    this.senders.push(sender);
    queueMicrotask(() => this.onnegotiationneeded?.());
  }

  getSenders = () => this.senders;

  async createOffer({ iceRestart }: { iceRestart: boolean }): Promise<{ type: string; sdp: string }> {
    this.offers.push(iceRestart);
    return { type: 'offer', sdp: `offer ${++this.#made}` };
  }

  async setLocalDescription(description?: { type: string; sdp: string }): Promise<void> {
    this.localDescription = description ?? { sdp: 'answer' };
    this.signalingState = description === undefined ? 'stable' : 'have-local-offer';
  }

  async setRemoteDescription({ type, sdp }: { type: string; sdp: string }): Promise<void> {
    this.remote.push(sdp);
    this.signalingState = type === 'offer' ? 'have-remote-offer' : 'stable';
  }

  get remoteDescription(): string | null {
    return this.remote.at(-1) ?? null;
  }

  async addIceCandidate(): Promise<void> {
    this.candidates++;
    if (this.remote.length === 0) throw new Error('no remote description');
  }

  become(state: string): void {
    this.connectionState = state;
    this.dispatchEvent(new Event('connectionstatechange'));
  }

  close(): void {
    this.isClosed = true;
  }
}

interface Made {
  clock: ManualClock;
  connection: FakeConnection;
  link: PeerLink;
  sent: string[];
  failed: unknown[];
}

async function make(polite: boolean, begins: boolean): Promise<Made> {
  const [clock, connection, sent, failed]: [ManualClock, FakeConnection, string[], unknown[]] = [
    new ManualClock(),
    new FakeConnection(),
    [],
    [],
  ];
  const stream = { getTracks: () => [{ kind: 'audio' }] } as unknown as MediaStream;
  const link = new PeerLink(connection as unknown as RTCPeerConnection, polite, begins, stream, {
    clock,
    send: (kind, body) => sent.push(`${kind} ${body}`.trim()),
    failed: (thrown) => failed.push(thrown),
  });
  await settle();
  return { clock, connection, link, sent, failed };
}

async function settle(): Promise<void> {
  for (let i = 0; i < 30; i++) await Promise.resolve();
}

test('who was there first offers, and who came answers with its own tracks', async () => {
  const first = await make(false, true);
  const second = await make(true, false);
  expect([first.sent, second.sent]).toEqual([['offer offer 1'], []]);

  second.link.take('offer', 'offer 1');
  await settle();
  first.link.take('answer', 'answer');
  await settle();
  expect(second.sent[0]).toBe('answer answer');
  expect([first.connection.signalingState, first.connection.remote]).toEqual(['stable', ['answer']]);
});

test('of two offers that cross that of the impolite one counts', async () => {
  const impolite = await make(false, true);
  const polite = await make(true, true);
  impolite.link.take('offer', 'theirs');
  polite.link.take('offer', 'theirs');
  await settle();
  expect(impolite.connection.remote).toEqual([]);
  expect(polite.connection.remote).toEqual(['theirs']);
  expect(polite.sent.at(-1)).toBe('answer answer');

  impolite.link.take('candidate', '{"candidate":"of the offer that was ignored"}');
  await settle();
  expect([impolite.failed, impolite.connection.candidates]).toEqual([[], 0]);

  polite.link.take('candidate', '{"candidate":"of the one that counts"}');
  await settle();
  expect(polite.connection.candidates).toBe(1);
});

test('a hole asks for a restart, and an offer that waits for its answer is made anew', async () => {
  const made = await make(false, true);
  made.link.lost();
  await settle();
  expect(made.sent).toEqual(['offer offer 1', 'restart', 'offer offer 2']);
  expect(made.connection.offers).toEqual([false, true]);

  made.link.take('answer', 'answer');
  await settle();
  made.link.lost();
  await settle();
  expect(made.sent.slice(3)).toEqual(['restart']);
  made.link.take('restart', '');
  await settle();
  expect(made.sent.at(-1)).toBe('offer offer 3');
});

test('what does not come about in time, or breaks, is begun anew until it is closed', async () => {
  const made = await make(true, false);
  await made.clock.advance(10_000);
  await settle();
  expect(made.connection.offers).toEqual([true]);
  made.link.take('answer', 'answer');
  await settle();
  made.connection.become('connected');
  await made.clock.advance(60_000);
  await settle();
  expect(made.connection.offers).toEqual([true]);

  made.connection.become('failed');
  await settle();
  expect(made.connection.offers).toEqual([true, true]);
  made.link.close();
  await made.clock.advance(60_000);
  await settle();
  expect([made.connection.offers, made.connection.isClosed]).toEqual([[true, true], true]);
});

test('another track takes the place of that of its kind; a first one of its kind is offered, once what was there was', async () => {
  const made = await make(false, true);
  made.link.take('answer', 'answer');
  await settle();
  const [microphone, camera] = [{ kind: 'audio' }, { kind: 'video' }] as unknown as MediaStreamTrack[];
  await made.link.replace(microphone as MediaStreamTrack);
  await settle();
  expect([made.sent.length, made.connection.senders.map(({ track }) => track)]).toEqual([1, [microphone]]);
  await made.link.replace(camera as MediaStreamTrack);
  await settle();
  expect([made.sent.at(-1), made.connection.senders.map(({ track }) => track)]).toEqual(['offer offer 2', [microphone, camera]]);

  const waiting = await make(true, false);
  await waiting.link.replace(camera as MediaStreamTrack);
  await settle();
  expect([waiting.sent, waiting.connection.senders]).toEqual([[], []]); // it goes with the others, in answer to their offer
});
