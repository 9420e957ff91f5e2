import { createHash, randomBytes } from 'node:crypto';
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Transport, TransportFactory, TransportHandlers } from '../ports.js';
import { encodeClientFrame, opcodes, WebSocketFaultError, WebSocketFrameReader } from './websocket-frames.js';

const acceptGuid = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'; // RFC 6455 §1.3
const maxHandshakeBytes = 16_384;
const closeDeadlineMs = 2_000;
const headEnd = '\r\n\r\n';

/** A small RFC 6455 client for Node.js versions without a global WebSocket. */
export const nodeTransport: TransportFactory = (url, handlers) => new NodeTransport(new URL(url), handlers);

class NodeTransport implements Transport {
  readonly #handlers: TransportHandlers;
  readonly #socket: Socket;
  readonly #key = randomBytes(16).toString('base64');
  readonly #reader: WebSocketFrameReader;
  #head = '';
  #open = false;
  #closing = false;
  #done = false;
  #outcome = { code: 1006, reason: '' };

  constructor(url: URL, handlers: TransportHandlers) {
    this.#handlers = handlers;
    this.#reader = new WebSocketFrameReader({
      message: (payload) => {
        if (!this.#closing) handlers.received(payload);
      },
      ping: (payload) => this.#write(opcodes.pong, payload),
      close: (code, reason) => this.#closedByPeer(code, reason),
    });
    this.#socket = openSocket(url, () => this.#socket.write(upgradeRequest(url, this.#key)));
    this.#socket.setNoDelay(true);
    this.#socket.on('data', (bytes) => this.#receive(bytes));
    this.#socket.on('error', (error) => {
      if (this.#outcome.reason === '') this.#outcome.reason = error.message; // 'close' follows and tells it
    });
    this.#socket.on('close', () => this.#finish());
  }

  send(bytes: Uint8Array): void {
    if (this.#open && !this.#closing) this.#write(opcodes.binary, bytes);
  }

  close(code: number, reason: string): void {
    if (this.#closing || this.#done) return;
    this.#outcome = { code, reason };
    this.#startClosing(closePayload(code, reason));
  }

  #startClosing(payload: Uint8Array): void {
    this.#closing = true;
    if (!this.#open) {
      this.#socket.destroy();
      return;
    }
    this.#write(opcodes.close, payload);
    setTimeout(() => this.#socket.destroy(), closeDeadlineMs).unref();
  }

  #closedByPeer(code: number, reason: string): void {
    if (!this.#closing) {
      this.#outcome = { code, reason };
      this.#startClosing(code === 1005 ? new Uint8Array(0) : closePayload(code, ''));
    }
    this.#socket.end();
  }

  #write(opcode: number, payload: Uint8Array): void {
    this.#socket.write(encodeClientFrame(opcode, payload, randomBytes(4)));
  }

  #receive(bytes: Buffer): void {
    try {
      if (this.#open) this.#reader.push(bytes);
      else this.#handshake(bytes);
    } catch (thrown) {
      if (!(thrown instanceof WebSocketFaultError)) throw thrown;
      // Our code for it is told to the server; here the connection broke (1006), which means come back.
      this.#outcome = { code: 1006, reason: thrown.message };
      this.#startClosing(closePayload(thrown.code, thrown.message));
    }
  }

  #handshake(bytes: Buffer): void {
    this.#head += bytes.toString('latin1');
    const end = this.#head.indexOf(headEnd);
    if (end < 0 && this.#head.length <= maxHandshakeBytes) return;
    const head = this.#head.slice(0, Math.max(end, 0));
    const rest = Buffer.from(this.#head.slice(end + headEnd.length), 'latin1');
    this.#head = '';
    const accept = createHash('sha1')
      .update(this.#key + acceptGuid)
      .digest('base64');
    if (end < 0 || !isAccepted(head, accept)) {
      this.#outcome.reason = `no WebSocket: ${head.split('\r\n', 1)[0] ?? ''}`;
      this.#socket.destroy();
      return;
    }
    this.#open = true;
    this.#handlers.opened();
    if (rest.length > 0) this.#reader.push(rest);
  }

  #finish(): void {
    if (this.#done) return;
    this.#done = true;
    this.#handlers.closed(this.#outcome.code, this.#outcome.reason);
  }
}

function openSocket(url: URL, connected: () => void): Socket {
  const secure = url.protocol === 'wss:';
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const port = url.port === '' ? (secure ? 443 : 80) : Number(url.port);
  if (!secure) return connectTcp({ host, port }, connected);
  return connectTls({ host, port, ALPNProtocols: ['http/1.1'], ...(isIP(host) === 0 ? { servername: host } : {}) }, connected);
}

function upgradeRequest(url: URL, key: string): string {
  const lines = [
    `GET ${url.pathname}${url.search} HTTP/1.1`,
    `Host: ${url.host}`,
    'Upgrade: websocket',
    'Connection: Upgrade',
    `Sec-WebSocket-Key: ${key}`,
    'Sec-WebSocket-Version: 13',
  ];
  return lines.join('\r\n') + headEnd;
}

function isAccepted(head: string, accept: string): boolean {
  const [status = '', ...lines] = head.split('\r\n');
  const headers = new Map(lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]));
  return (
    status.startsWith('HTTP/1.1 101 ') &&
    headers.get('upgrade')?.toLowerCase() === 'websocket' &&
    headers.get('sec-websocket-accept') === accept
  );
}

function closePayload(code: number, reason: string): Uint8Array {
  const text = Buffer.from(reason.slice(0, 40));
  return Buffer.concat([Uint8Array.of(code >> 8, code & 0xff), text]);
}
