import { describe, expect, test } from 'vitest';
import type { Fields, StructOf } from '../src/codec/fields.js';
import type { WirePosition } from '../src/frames/elements.js';
import { cutFrames, encodeFrame, type Frame, readFrame } from '../src/frames/frame.js';
import { pushes } from '../src/frames/pushes.js';
import { replies, type Welcome } from '../src/frames/replies.js';
import { requests } from '../src/frames/requests.js';
import { presenceRequests } from '../src/people/presences.js';
import { Relay } from '../src/tabs/relay.js';
import { FakeServer, peer, refusal } from './support/fake-server.js';
import { ManualClock } from './support/manual-clock.js';

/** A relay whose ports are this test. */
class Desk {
  readonly clock = new ManualClock();
  readonly server = new FakeServer(this.clock);
  readonly ended: [string, number][] = [];
  readonly #got: { readonly port: string; readonly bytes: Uint8Array }[] = [];
  readonly relay = new Relay('ws://chat.test/ws', this.server.transport, this.clock, {
    opened: () => {},
    data: (ports, bytes) => {
      for (const port of ports) this.#got.push({ port, bytes });
    },
    ended: (ports, code) => {
      for (const port of ports) this.ended.push([port, code]);
    },
  });

  async hello(port: string, positions: readonly WirePosition[] = [], isLocal = false): Promise<void> {
    this.relay.open(port, isLocal);
    this.ask(port, requests.hello, 1, { protocolVersion: 1, token: port, clientName: 'test', positions });
    await this.clock.advance(0);
  }

  ask<S extends Fields>(port: string, frame: Frame<S>, requestId: number, value: StructOf<S>): void {
    this.relay.data(port, encodeFrame(frame, requestId, value));
  }

  /** What a port was told: type and request id. */
  told(port: string): [number, number][] {
    return this.#got
      .filter((one) => one.port === port)
      .flatMap(({ bytes }) => [...cutFrames(bytes, 262_144)].map(({ type, requestId }): [number, number] => [type, requestId]));
  }

  welcome(port: string): Welcome {
    for (const { bytes } of this.#got.filter((one) => one.port === port)) {
      for (const header of cutFrames(bytes, 262_144)) if (header.type === replies.welcome.type) return readFrame(replies.welcome, header);
    }
    throw new Error(`${port} was not welcomed.`);
  }
}

const at = (sequence: number, chatId = 7, epoch = 33): WirePosition => ({ chatId, epoch, sequence });
const grown = (headSequence: number, recovered = true, epoch = 33): object[] => [{ chatId: 7, epoch, headSequence, recovered }];

describe('who joins a session is told of its chats', () => {
  test('by what the session was told at its beginning, and since', async () => {
    const desk = new Desk();
    const chat = desk.server.addChat(7);
    for (const text of ['one', 'two', 'three']) chat.append(text);
    await desk.hello('first', [at(2)]);
    expect(desk.welcome('first').resumed).toEqual(grown(3));
    await desk.hello('level', [at(3)]);
    await desk.hello('behind', [at(1)]);
    expect([desk.welcome('level').resumed, desk.welcome('behind').resumed]).toEqual([[], grown(3)]);
    desk.server.tell(chat.append('four'));
    await desk.hello('late', [at(3)]);
    desk.server.connection.push(pushes.gap, { chatId: 7, headSequence: 9 });
    await desk.hello('later', [at(4)]);
    expect([desk.welcome('late').resumed, desk.welcome('later').resumed]).toEqual([grown(4), grown(9)]);
    expect(desk.server.received('hello')).toHaveLength(1);
  });

  test('by what others asked about them', async () => {
    const desk = new Desk();
    const chat = desk.server.addChat(7);
    await desk.hello('first');
    for (const [frame, value] of [
      [requests.getChats, { cursor: null, limit: null }],
      [requests.getChat, { chatId: 7 }],
      [requests.getHistory, { chatId: 7, after: null, before: null, limit: null }],
    ] as const) {
      const event = chat.append('another'); // not pushed: only the answer tells of it
      desk.ask('first', frame as Frame<Fields>, 2, value as StructOf<Fields>);
      await desk.clock.advance(0);
      const port = `at ${event.sequence}`;
      await desk.hello(port, [at(event.sequence - 1)]);
      expect(desk.welcome(port).resumed).toEqual(grown(event.sequence));
    }
    chat.epoch = 34;
    desk.ask('first', requests.getChat, 3, { chatId: 7 });
    await desk.clock.advance(0);
    await desk.hello('void', [at(1)]);
    expect(desk.welcome('void').resumed).toEqual(grown(3, false, 34));
  });

  test('an answer that is older than a push takes nothing back', async () => {
    const desk = new Desk();
    const chat = desk.server.addChat(7);
    desk.server.answers.set('getChat', () => {
      const described = chat.wire;
      desk.server.tell(chat.append('meanwhile'));
      return { frame: replies.chat as unknown as Frame<Fields>, value: { chat: described } };
    });
    await desk.hello('first', [at(0)]);
    desk.ask('first', requests.getChat, 2, { chatId: 7 });
    await desk.clock.advance(0);
    await desk.hello('second', [at(0)]);
    expect(desk.welcome('second').resumed).toEqual(grown(1));
  });

  test('that there may be more where nobody knows, which it asks for then', async () => {
    const desk = new Desk();
    desk.server.addChat(7);
    await desk.hello('first');
    await desk.hello('second', [at(5)]);
    expect(desk.welcome('second').resumed).toEqual(grown(6));
    const lagging = new Desk();
    lagging.server.addChat(7).append('one');
    await lagging.hello('first', [at(1)]);
    await lagging.hello('ahead', [at(2)]); // it heard of one that this session's node has not announced yet
    expect(lagging.welcome('ahead').resumed).toEqual(grown(3));
  });

  test('that a position is void, in the words of the server', async () => {
    const desk = new Desk();
    await desk.hello('first', [at(5)]);
    await desk.hello('second', [at(5)]);
    for (const port of ['first', 'second']) expect(desk.welcome(port).resumed).toEqual(grown(0, false, 0));
  });
});

test('the session begins with the hello of who holds the most', async () => {
  const desk = new Desk();
  for (const chatId of [7, 8]) desk.server.addChat(chatId).append('one');
  desk.relay.open('fresh', false);
  desk.ask('fresh', requests.hello, 1, { protocolVersion: 1, token: 'fresh', clientName: 'test', positions: [] });
  await desk.hello('full', [at(1), at(1, 8)]);
  expect(desk.server.received('hello').map(({ token }) => token)).toEqual(['full']);
  expect([desk.welcome('fresh').resumed, desk.welcome('full').resumed]).toEqual([[], []]);
});

test('answers go to who asked, under the number of the asker', async () => {
  const desk = new Desk();
  await desk.hello('a');
  await desk.hello('b');
  desk.ask('a', requests.ping, 70_000, {});
  desk.ask('b', requests.ping, 2, {});
  await desk.clock.advance(0);
  expect(desk.told('a').slice(1)).toEqual([[replies.ok.type, 70_000]]);
  expect(desk.told('b').slice(1)).toEqual([[replies.ok.type, 2]]);
});

test('a frame of a later version passes as it is, an answer and a push too', async () => {
  const desk = new Desk();
  await desk.hello('a');
  const later = { ...requests.getChat, type: 99 };
  desk.ask('a', requests.markRead, 5, { chatId: 7, upTo: 1 });
  await desk.clock.advance(0);
  desk.server.connection.push(later, { chatId: 7 });
  expect(desk.told('a').slice(1)).toEqual([
    [replies.ok.type, 5],
    [99, 0],
  ]);
});

test('a welcome has the time that it is by then', async () => {
  const desk = new Desk();
  await desk.hello('a');
  await desk.clock.advance(5_000);
  await desk.hello('b');
  expect(desk.welcome('b').serverTimeMs - desk.welcome('a').serverTimeMs).toBe(5_000);
});

test('a port hears nothing before its welcome', async () => {
  const desk = new Desk();
  const chat = desk.server.addChat(7);
  await desk.hello('a');
  desk.relay.open('b', false);
  desk.server.tell(chat.append('early', peer));
  expect([desk.told('a').length, desk.told('b').length]).toEqual([2, 0]);
  const early = new Desk();
  early.server.answers.set('hello', () => null);
  await early.hello('a');
  early.server.tell(chat.append('earlier', peer));
  expect(early.told('a')).toEqual([]);
});

test('the own port is asked for a token first, and any other where it is not there', async () => {
  const desk = new Desk();
  await desk.hello('a');
  await desk.hello('own', [], true);
  const expiring = (): void => desk.server.connection.push(pushes.tokenExpiring, { expiresAtMs: 1 });
  const asked = (port: string): number => desk.told(port).filter(([type]) => type === pushes.tokenExpiring.type).length;
  expiring();
  expect([asked('a'), asked('own')]).toEqual([0, 1]);
  desk.relay.leave('own', 1000);
  expiring();
  expect([asked('a'), asked('own')]).toEqual([1, 1]);
});

test('only ports of other tabs are forgotten for their silence', async () => {
  const desk = new Desk();
  await desk.hello('own', [], true);
  await desk.hello('other');
  await desk.hello('heard');
  await desk.clock.advance(170_000);
  desk.relay.heard('heard');
  await desk.clock.advance(20_000);
  desk.relay.open('new', false);
  expect(['own', 'other', 'heard'].map((port) => desk.relay.has(port))).toEqual([true, false, true]);
});

test('what breaks the protocol ends its port alone', async () => {
  const desk = new Desk();
  await desk.hello('good');
  desk.relay.open('early', false);
  desk.ask('early', requests.ping, 1, {});
  await desk.hello('twice');
  desk.ask('twice', requests.hello, 2, { protocolVersion: 1, token: '', clientName: '', positions: [] });
  await desk.hello('many');
  desk.ask('many', presenceRequests.watchPresence, 2, { principalIds: Array.from({ length: 201 }, (_, i) => i) });
  expect(desk.ended).toEqual([
    ['early', 4502],
    ['twice', 4502],
    ['many', 4500],
  ]);
  expect([desk.relay.has('good'), desk.server.connection.isOpen]).toEqual([true, true]);
});

test('a server whose frames are malformed is left, and all come back', async () => {
  const desk = new Desk();
  await desk.hello('a');
  desk.server.connection.bytes(Uint8Array.of(200, 0, 0, 0, 1));
  expect(desk.ended).toEqual([['a', 1006]]);
  expect(desk.server.connections[0]?.closedByClient?.code).toBe(4500);
});

test('a hello that is answered by anything but a welcome ends the session for all who wait, who come back', async () => {
  const desk = new Desk();
  desk.server.answers.set('hello', () => refusal(500, true));
  for (const port of ['a', 'b']) {
    desk.relay.open(port, false);
    desk.ask(port, requests.hello, 1, { protocolVersion: 1, token: port, clientName: 'test', positions: [] });
  }
  await desk.clock.advance(0);
  expect(desk.ended).toEqual([
    ['a', 1006],
    ['b', 1006],
  ]);
  expect(desk.server.connection.isOpen).toBe(false);
});

test('a socket that leads nowhere is left once a client has given it up, though another waits for it', async () => {
  const clock = new ManualClock();
  const ended: [readonly string[], number][] = [];
  let closes = 0;
  const nowhere = () => ({ send: () => {}, close: () => void closes++ });
  const outlet = { opened: () => {}, data: () => {}, ended: (ports: readonly string[], code: number) => ended.push([ports, code]) };
  const relay = new Relay('ws://chat.test/ws', nowhere, clock, outlet);
  const hello = { protocolVersion: 1, token: '', clientName: 'test', positions: [] };
  relay.open('first', true);
  relay.data('first', encodeFrame(requests.hello, 1, hello));
  await clock.advance(5_000);
  relay.open('second', false);
  relay.data('second', encodeFrame(requests.hello, 1, hello));
  await clock.advance(10_000);
  relay.leave('first', 1000);
  expect([ended, closes]).toEqual([[[['second'], 1006]], 1]);
});
