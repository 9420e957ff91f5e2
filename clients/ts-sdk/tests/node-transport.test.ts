import type { AddressInfo } from 'node:net';
import { createServer, type Socket } from 'node:net';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { nodeTransport } from '../src/connection/node-transport.js';
import { type WebSocketFaultError, WebSocketFrameReader } from '../src/connection/websocket-frames.js';
import { createClient } from '../src/node-index.js';
import type { Transport } from '../src/ports.js';

interface Peer {
  readonly transport: Transport;
  readonly opened: Promise<void>;
  readonly closed: Promise<{ code: number; reason: string }>;
  /** Resolves with the next message. */
  next(): Promise<Buffer>;
}

const ended: (() => void)[] = [];
afterEach(() => {
  for (const end of ended.splice(0)) end();
});

function connect(url: string): Peer {
  const messages: Buffer[] = [];
  const waiting: ((message: Buffer) => void)[] = [];
  let [open, close] = [(): void => {}, (_: { code: number; reason: string }): void => {}];
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    close = resolve;
  });
  const transport = nodeTransport(url, {
    opened: open,
    received: (bytes) => {
      const message = Buffer.from(bytes);
      const first = waiting.shift();
      if (first === undefined) messages.push(message);
      else first(message);
    },
    closed: (code, reason) => close({ code, reason }),
  });
  const next = (): Promise<Buffer> =>
    new Promise((resolve) => {
      const message = messages.shift();
      if (message === undefined) waiting.push(resolve);
      else resolve(message);
    });
  return { transport, opened, closed, next };
}

async function echoServer(onSocket: (socket: WebSocket) => void = () => {}): Promise<string> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: true });
  server.on('connection', (socket) => {
    socket.on('message', (data) => socket.send(data));
    onSocket(socket);
  });
  await new Promise((resolve) => server.once('listening', resolve));
  ended.push(() => server.close());
  return `ws://127.0.0.1:${(server.address() as AddressInfo).port}/ws`;
}

describe('against the package ws', () => {
  test.each([0, 1, 125, 126, 65_535, 65_536, 300_000])('a message of %d bytes comes back', async (length) => {
    const peer = connect(await echoServer());
    await peer.opened;
    const bytes = Uint8Array.from({ length }, (_, i) => i % 251);
    peer.transport.send(bytes);
    expect(Buffer.compare(await peer.next(), Buffer.from(bytes))).toBe(0);
    peer.transport.close(1000, 'done');
    expect(await peer.closed).toEqual({ code: 1000, reason: 'done' });
  });

  test('fragments with a ping between them are one message, and the ping is answered', async () => {
    let ponged: () => void = () => {};
    const pong = new Promise<void>((resolve) => {
      ponged = resolve;
    });
    const peer = connect(
      await echoServer((socket) => {
        socket.on('pong', () => ponged());
        socket.send(Uint8Array.of(1, 2), { fin: false, binary: true });
        socket.ping('hi');
        socket.send(Uint8Array.of(3), { fin: true, binary: true });
      }),
    );
    expect([...(await peer.next())]).toEqual([1, 2, 3]);
    await pong;
    peer.transport.close(1000, '');
  });

  test('the close code and the reason of the server are told', async () => {
    const peer = connect(await echoServer((socket) => socket.close(4402, 'signed out')));
    expect(await peer.closed).toEqual({ code: 4402, reason: 'signed out' });
  });

  test('a server that vanishes is 1006', async () => {
    const peer = connect(await echoServer((socket) => socket.terminate()));
    expect((await peer.closed).code).toBe(1006);
  });
});

test('nobody listening is 1006', async () => {
  const peer = connect('ws://127.0.0.1:1/ws');
  expect((await peer.closed).code).toBe(1006);
});

test.each([
  'HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n',
  'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: wrong\r\n\r\n',
  `HTTP/1.1 200 OK\r\n${'x: y\r\n'.repeat(5_000)}`,
])('an answer that is no upgrade is 1006 (%#)', async (answer) => {
  const server = createServer((socket: Socket) => {
    socket.on('error', () => {}); // the client hangs up in the middle of the long one
    socket.write(answer);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ended.push(() => server.close());
  const peer = connect(`ws://127.0.0.1:${(server.address() as AddressInfo).port}/ws`);
  expect((await peer.closed).code).toBe(1006);
});

describe('the frame reader', () => {
  const reader = (got: number[][] = []): WebSocketFrameReader =>
    new WebSocketFrameReader({ message: (payload) => got.push([...payload]), ping() {}, close() {} });

  test('gives the same for every way to cut the bytes', () => {
    const stream = Uint8Array.from([0x82, 2, 1, 2, 0x02, 1, 3, 0x89, 1, 9, 0x80, 1, 4, 0x82, 126, 0, 3, 5, 6, 7]);
    for (let size = 1; size <= stream.length; size++) {
      const got: number[][] = [];
      const frames = reader(got);
      for (let at = 0; at < stream.length; at += size) frames.push(stream.slice(at, at + size));
      expect(got).toEqual([[1, 2], [3, 4], [5, 6, 7]]); // biome-ignore format: one line
    }
  });

  test.each([
    ['reserved bits', [0xc2, 0], 1002],
    ['a masked frame', [0x82, 0x80, 0, 0, 0, 0], 1002],
    ['a text message', [0x81, 0], 1003],
    ['a continuation of nothing', [0x80, 0], 1002],
    ['a message inside of a message', [0x02, 1, 1, 0x82, 0], 1002],
    ['a fragmented ping', [0x09, 0], 1002],
    ['a long ping', [0x89, 126, 0, 126, ...new Uint8Array(126)], 1002],
    ['opcode 3', [0x83, 0], 1002],
    ['opcode 11', [0x8b, 0], 1002],
    ['a declared length of 2^63', [0x82, 127, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], 1009],
  ])('%s is refused', (_, bytes, code) => {
    expect(() => reader().push(Uint8Array.from(bytes))).toThrow(expect.objectContaining({ code }) as WebSocketFaultError);
  });
});

test('the entry for Node.js has this transport where the platform has no WebSocket of its own', async () => {
  vi.stubGlobal('WebSocket', undefined);
  ended.push(() => vi.unstubAllGlobals());
  let connected = (): void => {};
  const arrived = new Promise<void>((resolve) => {
    connected = resolve;
  });
  const url = await echoServer(() => connected());
  const client = createClient({ url: new URL(url).origin.replace(/^ws/, 'http'), token: async () => 'token' });
  ended.push(() => void client.close());
  void client.connect();
  await arrived;
});
