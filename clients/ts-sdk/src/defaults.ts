import { browserTransport } from './connection/browser-transport.js';
import type { Clock, Logger, Transport, TransportFactory, WakeSignals } from './ports.js';

export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, action) {
    const timer = setTimeout(action, ms);
    return () => clearTimeout(timer);
  },
};

export const silentLogger: Logger = { warn() {} };

/** The platform's WebSocket where there is one, otherwise the client for Node.js, loaded when first needed. */
export const defaultTransport: TransportFactory = (url, handlers) =>
  typeof WebSocket === 'function' ? browserTransport(url, handlers) : nodeTransportLater(url, handlers);

function nodeTransportLater(...[url, handlers]: Parameters<TransportFactory>): Transport {
  // Not a literal, so that a bundler for browsers does not follow it; one for Node.js passes `nodeTransport` from '@chat/sdk/node'.
  const specifier = './connection/node-transport.js';
  const opening = import(/* @vite-ignore */ /* webpackIgnore: true */ specifier).then(
    ({ nodeTransport }): Transport => nodeTransport(url, handlers),
  );
  const failed = (error: unknown): void => handlers.closed(1006, `no transport: ${String(error)}`);
  opening.catch(failed);
  const told = (): void => {};
  return {
    send: (bytes) => void opening.then((transport) => transport.send(bytes), told),
    close: (code, reason) => void opening.then((transport) => transport.close(code, reason), told),
  };
}

/** The page's own signals; none where there is no page. */
export const pageSignals: WakeSignals = {
  listen(handler) {
    if (typeof window === 'undefined' || typeof document === 'undefined') return () => {};
    const ending = new AbortController();
    const { signal } = ending;
    const shown = (): void => {
      if (document.visibilityState === 'visible') handler('visible');
    };
    window.addEventListener('online', () => handler('online'), { signal });
    window.addEventListener('pageshow', shown, { signal });
    document.addEventListener('visibilitychange', shown, { signal });
    return () => ending.abort();
  },
};
