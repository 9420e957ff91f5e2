import type { ChatClient, ChatEvent, ClientOptions } from '../../src/api.js';
import { createClient } from '../../src/client.js';
import type { TokenReason } from '../../src/ports.js';
import { FakeServer } from './fake-server.js';
import { ManualClock } from './manual-clock.js';

export interface World {
  readonly clock: ManualClock;
  readonly server: FakeServer;
  readonly client: ChatClient;
  /** Every `message` event, in order. */
  readonly heard: ChatEvent[];
  /** Why tokens were asked for, in order. */
  readonly reasons: TokenReason[];
  wake(signal: 'online' | 'visible'): void;
}

/** A client, its server and its time. Jitter is the largest there is, so that delays are exact. */
export function world(options: Partial<ClientOptions> = {}): World {
  const clock = new ManualClock();
  const server = new FakeServer(clock);
  const reasons: TokenReason[] = [];
  const heard: ChatEvent[] = [];
  let listener: (signal: 'online' | 'visible') => void = () => {};
  const client = createClient({
    url: 'http://chat.test:8080',
    token: async (why) => {
      reasons.push(why);
      return `token-${reasons.length}`;
    },
    transport: server.transport,
    clock,
    random: () => 1,
    wakeSignals: {
      listen(handler) {
        listener = handler;
        return () => {
          listener = () => {};
        };
      },
    },
    ...options,
  });
  client.on('message', (event) => heard.push(event));
  return { clock, server, client, heard, reasons, wake: (signal) => listener(signal) };
}

export async function online(options: Partial<ClientOptions> = {}, prepare: (server: FakeServer) => void = () => {}): Promise<World> {
  const made = world(options);
  prepare(made.server);
  await made.client.connect();
  await made.clock.advance(0);
  return made;
}
