import type { Transport, TransportFactory } from '../ports.js';

/** The platform's own WebSocket: browsers, workers, and runtimes that have it. */
export const browserTransport: TransportFactory = (url, handlers): Transport => {
  const socket = new WebSocket(url);
  socket.binaryType = 'arraybuffer';
  socket.onopen = () => handlers.opened();
  socket.onmessage = ({ data }: MessageEvent<unknown>) => {
    if (data instanceof ArrayBuffer) handlers.received(new Uint8Array(data));
    else socket.close(4500, 'a text message'); // the protocol has binary messages only (§2.3)
  };
  socket.onclose = (event) => handlers.closed(event.code, event.reason);
  return {
    send: (bytes) => socket.send(bytes as Uint8Array<ArrayBuffer>),
    close: (code, reason) => socket.close(code, reason.slice(0, 40)), // at most 123 bytes of UTF-8 (RFC 6455 §5.5)
  };
};
