import type { ChatClient, ClientOptions } from './api.js';
import { browserTransport } from './connection/browser-transport.js';
import { fullJitter } from './connection/retry.js';
import { pageSignals, silentLogger, systemClock } from './defaults.js';
import { LiveClient } from './live-client.js';
import { version } from './version.js';

const defaultQueuedBytes = 4 * 1024 * 1024;
const defaultCatchUp = 10_000;

/** Makes a client; it connects when told to (`connect`). */
export function createClient(options: ClientOptions): ChatClient {
  return new LiveClient({
    transport: browserTransport,
    clock: systemClock,
    random: Math.random,
    retryPolicy: fullJitter,
    logger: silentLogger,
    wakeSignals: pageSignals,
    clientName: `ts-sdk/${version}`,
    markDelivered: true,
    sendsInFlightPerChat: 1,
    maxQueuedBytes: defaultQueuedBytes,
    maxCatchUp: defaultCatchUp,
    ...options,
  });
}
