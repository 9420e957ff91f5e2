import { describe, expect, test } from 'vitest';
import { createTyping, typingPushes } from '../src/chats/typing.js';
import { int } from '../src/codec/fields.js';
import { type FrameType, frameName } from '../src/codes.js';
import { fullJitter } from '../src/connection/retry.js';
import { type ConnectionState, transition } from '../src/connection/state.js';
import * as errorCodes from '../src/error-codes.js';
import { errorName } from '../src/error-name.js';
import { frame } from '../src/frames/frame.js';
import { pushes } from '../src/frames/pushes.js';
import * as localErrors from '../src/local-errors.js';
import { refusal } from './support/fake-server.js';
import { settled } from './support/manual-clock.js';
import { online, type World, world } from './support/world.js';

const lost = { kind: 'lost', reason: { code: 1006, text: '', retryable: true }, retryInMs: 100 } as const;

describe('transition', () => {
  const idle: ConnectionState = { kind: 'idle', since: 0 };

  test('an event that means nothing in a state leaves it as it is', () => {
    expect(transition(idle, lost, 5)).toBe(idle);
    expect(transition(idle, { kind: 'welcomed', sessionId: 1 }, 5)).toBe(idle);
    expect(transition(idle, { kind: 'retry' }, 5)).toBe(idle);
  });

  test('failures are counted until a connection was stable', () => {
    let state = transition(idle, { kind: 'connect' }, 0);
    state = transition(state, lost, 10);
    expect(state).toEqual({ kind: 'waiting', since: 10, attempt: 1, retryAtMs: 110, reason: lost.reason });
    state = transition(transition(state, { kind: 'retry' }, 110), lost, 120);
    expect(state).toMatchObject({ kind: 'waiting', attempt: 2 });
    const again = transition(transition(state, { kind: 'retry' }, 300), { kind: 'welcomed', sessionId: 9 }, 310);
    expect(transition(again, lost, 400)).toMatchObject({ attempt: 3 });
    expect(transition(again, lost, 310 + 10_000)).toMatchObject({ attempt: 0 });
  });

  test('whoever is let in and loses the connection at once is back within seconds, however often', () => {
    let state = transition(idle, { kind: 'connect' }, 0);
    for (let now = 1; now < 10; now++) {
      state = transition(transition(state, { kind: 'welcomed', sessionId: now }, now), lost, now);
      expect(state).toMatchObject({ kind: 'waiting', attempt: Math.min(now, 3) });
      state = transition(state, { kind: 'retry' }, now);
    }
  });
});

test('full jitter stays within 0 and min(20 s, 0.25 s times 2^n)', () => {
  for (let attempt = 0; attempt < 40; attempt++) {
    const ceiling = Math.min(20_000, 250 * 2 ** attempt);
    expect(fullJitter(attempt, () => 0)).toBe(0);
    expect(fullJitter(attempt, () => 0.5)).toBe(ceiling / 2);
    expect(fullJitter(attempt, () => 1)).toBe(ceiling);
  }
});

describe('connecting', () => {
  test('sends a hello to /ws with the token, and nothing in the address', async () => {
    const { server, client } = await online();
    expect(server.connection.url).toBe('ws://chat.test:8080/ws');
    expect(server.received('hello')).toEqual([{ protocolVersion: 1, token: 'token-1', clientName: 'ts-sdk/0.1.0', positions: [] }]);
    expect(client.state).toMatchObject({ kind: 'online', sessionId: 101 });
    expect(client.me).toEqual({ principalId: 1, name: 'Me' });
  });

  test('never gives up while the server cannot be reached, and then is online', async () => {
    const { server, client, clock } = world();
    server.reachable = false;
    const connected = client.connect();
    await clock.advance(10 * 60_000);
    expect(client.state.kind).toBe('waiting');
    expect(server.connections.length).toBeGreaterThan(30);
    expect(server.connections.length).toBeLessThan(45);
    server.reachable = true;
    await clock.advance(20_000);
    await connected;
    expect(client.state.kind).toBe('online');
  });

  test('tries again where the transport cannot even be made', async () => {
    let tries = 0;
    const made: World = world({
      transport: (url, handlers) => {
        tries++;
        if (tries === 1) throw new Error('blocked');
        return made.server.transport(url, handlers);
      },
    });
    const connected = made.client.connect();
    await made.clock.advance(0);
    expect(made.client.state).toMatchObject({ kind: 'waiting', reason: { text: 'no connection: blocked' } });
    await made.clock.advance(500);
    await connected;
    expect(made.client.state.kind).toBe('online');
  });

  test('gives up on a welcome that does not come', async () => {
    const { server, client, clock } = world();
    server.answers.set('hello', () => null);
    void client.connect();
    await clock.advance(15_000);
    expect(client.state).toMatchObject({ kind: 'waiting', reason: { text: 'no welcome' } });
  });

  test('wakes up at once when the network is back', async () => {
    const { server, client, clock, wake } = world();
    server.reachable = false;
    void client.connect();
    await clock.advance(60_000);
    server.reachable = true;
    wake('online');
    await clock.advance(0);
    expect(client.state.kind).toBe('online');
  });

  test('close ends everything, and connect starts again', async () => {
    const { server, client, clock } = await online();
    await client.close();
    expect(client.state).toMatchObject({ kind: 'closed', reason: null });
    expect(server.connection.closedByClient?.code).toBe(1000);
    await clock.advance(60_000);
    expect(server.connections).toHaveLength(1);
    await client.connect();
    expect(client.state.kind).toBe('online');
  });

  test('close while the token is being fetched opens nothing', async () => {
    const { server, client } = world();
    const connected = client.connect();
    await client.close();
    await expect(connected).rejects.toMatchObject({ code: localErrors.connection_closed });
    await settled();
    expect(server.connections).toHaveLength(0);
  });
});

describe('a lost connection', () => {
  test('is waited for with full jitter', async () => {
    const { server, client, clock } = await online();
    await clock.advance(20_000);
    server.connection.close(1006);
    expect(client.state).toMatchObject({ kind: 'waiting', attempt: 0, retryAtMs: clock.now() + 250 });
    await clock.advance(250);
    expect(client.state.kind).toBe('online');
  });

  test.each([4500, 4999, 1002, 1000])('is not opened again after %d', async (code) => {
    const { server, client, clock } = await online();
    server.connection.close(code, 'why');
    await clock.advance(60_000);
    expect(client.state).toMatchObject({ kind: 'closed', reason: { code, text: 'why', retryable: false } });
    expect(server.connections).toHaveLength(1);
  });

  test.each([
    [4400, 'expired'],
    [4401, 'rejected'],
    [4402, 'rejected'],
    [4477, 'rejected'],
  ] as const)('after %d comes back with a new token: %s', async (code, why) => {
    const { server, client, clock, reasons } = await online();
    server.connection.close(code);
    await clock.advance(500);
    expect(reasons).toEqual(['connect', why]);
    expect(client.state.kind).toBe('online');
    expect(server.received('hello')[1]?.token).toBe('token-2');
  });

  test.each([303, 308])('ends for good when no token is to be had (%i)', async (code) => {
    const { ChatError } = await import('../src/errors.js');
    let signedOut = false;
    const { server, client, clock } = await online({
      token: async () => {
        if (signedOut) throw new ChatError(code, 'no more');
        return 'first';
      },
    });
    signedOut = true;
    server.connection.close(4402);
    await clock.advance(500);
    expect(client.state).toMatchObject({ kind: 'closed', reason: { code, retryable: false } });
  });

  test('a failing network while fetching a token is tried again', async () => {
    let failures = 2;
    const { client, clock } = world({
      token: async () => {
        if (failures-- > 0) throw new TypeError('fetch failed');
        return 'token';
      },
    });
    const connected = client.connect();
    await clock.advance(5_000);
    await connected;
    expect(client.state.kind).toBe('online');
  });
});

describe('tokens', () => {
  function hanging(): { made: World; asked: ((token: string) => void)[] } {
    const asked: ((token: string) => void)[] = [];
    const made = world({
      token: () => new Promise((resolve) => (asked.push(resolve) > 1 ? resolve('second') : undefined)),
    });
    made.client.connect().catch(() => {});
    return { made, asked };
  }

  test('one that does not come is given up after 20 s and asked for again; late it counts for nothing', async () => {
    const { made, asked } = hanging();
    await made.clock.advance(20_000);
    expect(made.client.state).toMatchObject({ kind: 'waiting', reason: { text: 'no token' } });
    asked[0]?.('late');
    await made.clock.advance(0);
    expect(made.server.connections).toHaveLength(0);
    await made.clock.advance(500);
    expect(made.client.state.kind).toBe('online');
    expect(made.server.received('hello').map(({ token }) => token)).toEqual(['second']);
  });

  test.each(['online', 'visible'] as const)('one that does not come is asked for again soon after "%s"', async (signal) => {
    const { made } = hanging();
    await made.clock.advance(1_000);
    made.wake(signal);
    await made.clock.advance(2_500);
    expect(made.client.state.kind).toBe('online');
  });

  test('token_expiring is answered on the same connection', async () => {
    const { server, clock, reasons } = await online();
    server.connection.push(pushes.tokenExpiring, { expiresAtMs: clock.now() + 60_000 });
    await clock.advance(0);
    expect(reasons).toEqual(['connect', 'expiring']);
    expect(server.received('authenticate')).toEqual([{ token: 'token-2' }]);
    expect(server.connections).toHaveLength(1);
  });

  test('a refused fresh token leaves the session as it is', async () => {
    const { server, client, clock } = await online();
    server.answers.set('authenticate', () => refusal(304));
    server.connection.push(pushes.tokenExpiring, { expiresAtMs: clock.now() + 60_000 });
    await clock.advance(0);
    expect(client.state.kind).toBe('online');
  });
});

describe('a later version of the server', () => {
  test('a push that this version does not know is passed over, and the connection goes on', async () => {
    const made = await online({}, (fake) => fake.addChat(7));
    made.server.connection.push(frame(119 as number as FrameType, { unknown: int }), { unknown: 1 });
    made.server.say(7, 'after it');
    await made.clock.advance(0);
    expect(made.heard.map((event) => event.text)).toEqual(['after it']);
    expect(made.server.connections.length).toBe(1);
  });
});

describe('goodbye', () => {
  test('finishes what is in flight, and comes back after the time that was told', async () => {
    const { server, client, clock, wake } = await online({}, (fake) => fake.addChat(7));
    const { replies } = await import('../src/frames/replies.js');
    server.answers.set('sendMessage', () => null);
    const message = client.chat(7).send({ text: 'in flight' });
    server.connection.push(pushes.goodbye, { code: 4000, reason: 'draining', reconnectAfterMs: 3_000 });
    const late = client.chat(7).send({ text: 'late' });
    await clock.advance(100);
    expect(client.state.kind).toBe('online');

    const { encodeFrame } = await import('../src/frames/frame.js');
    const requestId = client.dump().frames.filter((frame) => frameName(frame.type) === 'send_message')[0]?.requestId ?? 0;
    server.connection.bytes(encodeFrame(replies.sent, requestId, { chatId: 7, sequence: 1, createdAtMs: 2 }));
    await clock.advance(0);

    expect(message.state).toBe('sent');
    expect(late.state).toBe('queued');
    expect(client.state).toMatchObject({ kind: 'waiting', retryAtMs: clock.now() + 3_000, reason: { code: 4000 } });
    server.answers.delete('sendMessage');
    wake('visible');
    await clock.advance(2_999);
    expect(server.connections).toHaveLength(1);
    await clock.advance(1);
    expect(late.state).toBe('sent');
  });
});

describe('signs of life', () => {
  test('a silent connection is asked, and given up when nothing comes', async () => {
    const { server, client, clock } = await online();
    server.answers.set('ping', () => null);
    await clock.advance(25_000 + 10_000);
    expect(client.state).toMatchObject({ kind: 'waiting', reason: { text: 'no sign of life' } });
  });

  test('a silent connection that answers is kept', async () => {
    const { server, client, clock } = await online();
    await clock.advance(300_000);
    expect(server.received('ping').length).toBeGreaterThan(5);
    expect(client.state.kind).toBe('online');
    expect(server.connections).toHaveLength(1);
  });

  test('a page that is seen again probes for 2 s and connects anew', async () => {
    const { server, client, clock, wake } = await online();
    server.answers.set('ping', () => null);
    await clock.advance(1);
    wake('visible');
    await clock.advance(1_999);
    expect(client.state.kind).toBe('online');
    await clock.advance(1 + 500);
    expect(server.connections).toHaveLength(2);
    expect(client.state.kind).toBe('online');
  });

  test('a request without a reply ends the connection, even if other frames come', async () => {
    const { server, client, clock } = await online({}, (fake) => fake.addChat(7));
    server.answers.set('sendMessage', () => null);
    client.chat(7).send({ text: 'never answered' });
    await clock.advance(100_000);
    expect(server.connections.length).toBeGreaterThan(1);
  });
});

describe('closed for good', () => {
  test('waiting calls are told so, with the reason as cause; nothing is forgotten, and there is no storm', async () => {
    const made = await online({}, (fake) => fake.addChat(7).append('old'));
    const told: unknown[] = [];
    made.client.on('error', (error) => told.push(error));
    made.client.on('discontinuity', (event) => told.push(event));
    made.server.answers.set('getHistory', () => null);
    const history = made.client.chat(7).history();
    made.server.pushing = false;
    made.server.say(7, 'missed');
    made.server.connection.push(pushes.gap, { chatId: 7, headSequence: 2 });
    made.server.connection.close(4500, 'why');
    await expect(history).rejects.toMatchObject({ code: localErrors.connection_closed, cause: { code: 4500, message: 'why' } });
    await made.clock.advance(0);
    expect(told).toEqual([]);
    expect(made.client.dump().positions).toContainEqual({ chatId: 7, epoch: 33, sequence: 1 });

    made.server.answers.delete('getHistory');
    await made.client.connect();
    await made.clock.advance(0);
    expect(made.heard.map((event) => event.text)).toEqual(['missed']);
  });

  test('no timer is left that would keep a program alive', async () => {
    const made = await online({}, (fake) => {
      for (const id of [7, 8, 9]) fake.addChat(id).append('old');
    });
    const { server, client, clock } = made;
    server.answers.set('getHistory', () => refusal(400, true, 30_000));
    server.answers.set('sendMessage', () => refusal(400, true, 30_000));
    server.answers.set('ping', () => null);
    client.chat(7).history().catch(() => {}); // biome-ignore format: one line a cause
    client.chat(8).send({ text: 'busy' });
    createTyping(client).start(9);
    client.chat(9).markRead();
    server.connection.push(typingPushes.typing, { chatId: 7, principalId: 2, active: true });
    server.connection.push(pushes.gap, { chatId: 7, headSequence: 5 });
    made.wake('visible');
    await clock.advance(0);
    expect(clock.pending).toBeGreaterThan(5);
    await client.close();
    await settled();
    expect(clock.pending).toBe(0);

    client.connect().catch(() => {});
    await client.close();
    await settled();
    expect(clock.pending).toBe(0);
  });
});

describe('an error that may be tried again', () => {
  test('is tried again a few times, then the call rejects with it', async () => {
    const { server, client, clock } = await online({}, (fake) => fake.addChat(7));
    server.answers.set('getHistory', () => refusal(400, true));
    const refused = expect(client.chat(7).history()).rejects.toMatchObject({ code: errorCodes.busy, retryable: true });
    await clock.advance(60_000);
    await refused;
    expect(server.received('getHistory')).toHaveLength(5);
  });

  test('costs no position, however long it lasts, and is told', async () => {
    const { server, client, clock, heard } = await online({}, (fake) => fake.addChat(7));
    const told: string[] = [];
    client.on('error', (error) => told.push(errorName(error.code)));
    client.on('discontinuity', () => told.push('discontinuity'));
    server.answers.set('getHistory', () => refusal(402, true));
    server.pushing = false;
    server.say(7, 'missed');
    server.connection.push(pushes.gap, { chatId: 7, headSequence: 1 });
    await clock.advance(120_000);
    server.answers.delete('getHistory');
    await clock.advance(20_000);
    expect(heard.map((event) => event.text)).toEqual(['missed']);
    expect(new Set(told)).toEqual(new Set(['unavailable']));
  });

  test('while the chats are listed delays connect, and does not end it', async () => {
    const { server, client, clock } = world();
    server.addChat(7).append('old');
    server.answers.set('getChats', () => refusal(402, true));
    const connected = client.connect();
    await clock.advance(60_000);
    server.answers.delete('getChats');
    await clock.advance(20_000);
    await connected;
    expect(client.chats.items).toHaveLength(1);
  });
});
