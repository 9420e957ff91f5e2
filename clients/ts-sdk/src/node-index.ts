import type { ChatClient, ClientOptions } from './api.js';
import { createClient as createBrowserClient } from './client.js';
import { browserTransport } from './connection/browser-transport.js';
import { nodeTransport } from './connection/node-transport.js';

export * from './index.js';

/** Makes a client; it connects when told to (`connect`). Where Node.js has no WebSocket of its own, the package's is used. */
export function createClient(options: ClientOptions): ChatClient {
  return createBrowserClient({ transport: typeof WebSocket === 'function' ? browserTransport : nodeTransport, ...options });
}
