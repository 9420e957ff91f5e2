/** One connection for all tabs of an app: `@chat/sdk/tabs`. */
import { browserTransport } from '../connection/browser-transport.js';
import { silentLogger, systemClock } from '../defaults.js';
import type { Logger, TransportFactory } from '../ports.js';
import { tabsVersion } from './messages.js';
import { type SharedConnection, TabConnection } from './shared-connection.js';
import { tabsWork, WebTabChannel, WebTabLocks } from './web-tabs.js';

export type { SharedConnection } from './shared-connection.js';

export interface ShareOptions {
  /** The server's base address, as the client has it. */
  url: string;
  /** The same in the tabs that share: the signed-in device, such as the key under which its session is kept. Another account, or another sign-in of the same one, is another device. */
  device: string;
  /** Of the tab that leads. Default: the platform's WebSocket. */
  transport?: TransportFactory;
  logger?: Logger;
}

/**
 * For `createClient({ transport: shared.transport })`: the tabs that share hold one connection between them, and each has its own client as ever.
 * One for each client; `close` it with the client. Where the platform has no Web Locks (a page that is not of a secure origin) or no
 * `BroadcastChannel`, each tab has its own connection.
 */
export function shareConnection({ url, device, transport = browserTransport, logger = silentLogger }: ShareOptions): SharedConnection {
  if (!tabsWork()) return { transport, leads: true, close() {} };
  const name = `chat-tabs ${tabsVersion} ${url} ${device}`;
  return new TabConnection({
    locks: new WebTabLocks(name),
    openChannel: () => new WebTabChannel(name),
    transport,
    clock: systemClock,
    logger,
  });
}
