import { describe, expect, test } from 'vitest';
import type { CallFetch } from '../src/calls/call-rest.js';
import { LiveCalls } from '../src/calls/calls.js';
import { callPushes } from '../src/calls/frames.js';
import { createPeerCall } from '../src/calls/peer-call.js';
import type { CallRecord } from '../src/calls/records.js';
import { SignalOrder } from '../src/calls/signal-order.js';
import * as errorCodes from '../src/error-codes.js';
import { ChatError } from '../src/errors.js';
import { me, peer, refusal } from './support/fake-server.js';
import { online, type World } from './support/world.js';

const third = 3;
const place = '00112233445566778899aabbccddeeff';
const otherPlace = 'ffeeddccbbaa99887766554433221100';

interface Scene extends World {
  calls: LiveCalls;
  asked: [string, string, unknown][];
  /** What the calls told, in order. */
  told: unknown[];
  answer: (path: string, method: string) => unknown;
}

function record(more: Partial<CallRecord> & { participants?: CallRecord['participants'] } = {}): unknown {
  return {
    callId: 70,
    chatId: 7,
    callerId: peer,
    kind: 'voice',
    status: 'ringing',
    outgoing: false,
    part: 'ringing',
    startedAt: '2026-01-01T00:00:00Z',
    keepWithinMs: 30_000,
    participants: [
      { principalId: me, part: more.part ?? 'ringing' },
      { principalId: peer, part: 'in' },
    ],
    ...more,
  };
}

async function scene(): Promise<Scene> {
  const made = await online({}, (server) => void server.addChat(7).append('hello'));
  const asked: Scene['asked'] = [];
  const fetch: CallFetch = async (method, path, body) => {
    asked.push([method, path, body]);
    return built.answer(path, method);
  };
  const calls = new LiveCalls(made.client, fetch, made.clock);
  const told: unknown[] = [];
  for (const event of ['ringing', 'stopped', 'missed', 'error'] as const) calls.on(event, (payload) => told.push([event, payload]));
  const built: Scene = { ...made, calls, asked, told, answer: () => record() };
  return built;
}

async function inbox(made: Scene, kind: number, text: string, senderId = peer): Promise<void> {
  made.server.connection.event(made.server.inbox.append(text, senderId, { kind, subjectId: 70 }));
  await made.clock.advance(0);
}

function signal(made: Scene, sequence: number, body = `${sequence}`, endpointId = place, from = peer, kind = third): void {
  made.server.connection.push(callPushes.callSignal, { callId: 70, from, endpointId, sequence, kind, body });
}

describe('somebody calls', () => {
  test('it rings once, until another device answers', async () => {
    const made = await scene();
    await inbox(made, 41, 'voice');
    await inbox(made, 41, 'voice');
    expect(made.told).toEqual([['ringing', expect.objectContaining({ callId: 70, chatId: 7, kind: 'voice', receiverId: null })]]);

    await inbox(made, 42, 'answered', me);
    expect(made.told.at(-1)).toEqual(['stopped', { callId: 70, why: 'answered_elsewhere' }]);
    await inbox(made, 43, 'ended');
    expect(made.told).toHaveLength(2);
  });

  test('what is over when it is heard of does not ring, and is missed', async () => {
    const made = await scene();
    made.answer = () => record({ status: 'missed', part: 'missed', endedAt: '2026-01-01T00:00:45Z' });
    await inbox(made, 41, 'voice');
    await inbox(made, 43, 'missed');
    expect(made.told).toEqual([['missed', { callId: 70, callerId: peer }]]);
  });

  test('what ends while one asks whether it rings is not told to stop', async () => {
    const made = await scene();
    let reply: (value: unknown) => void = () => {};
    made.answer = () => new Promise((resolve) => (reply = resolve));
    await inbox(made, 41, 'voice');
    await inbox(made, 43, 'missed');
    reply(record());
    await made.clock.advance(0);
    expect(made.told).toEqual([['missed', { callId: 70, callerId: peer }]]);
  });

  test('what rang before one listened is told to stop, once it was asked for', async () => {
    const made = await scene();
    made.answer = () => ({ items: [record(), record({ callId: 71, part: 'in' } as never)] });
    await made.calls.active();
    await inbox(made, 41, 'voice');
    expect(made.told).toEqual([]);
    await inbox(made, 42, 'answered', me);
    await inbox(made, 43, 'ended');
    expect(made.told).toEqual([['stopped', { callId: 70, why: 'answered_elsewhere' }]]);
  });

  test('declined here it stops here, and an answer that comes too late stops it too', async () => {
    const made = await scene();
    await inbox(made, 41, 'voice');
    await made.calls.decline(70);
    expect(made.told.at(-1)).toEqual(['stopped', { callId: 70, why: 'declined' }]);

    await inbox(made, 41, 'voice');
    made.answer = () => {
      throw new ChatError(errorCodes.answered_elsewhere, 'elsewhere');
    };
    await expect(made.calls.answer(70)).rejects.toMatchObject({ code: errorCodes.answered_elsewhere });
    expect(made.told.at(-1)).toEqual(['stopped', { callId: 70, why: 'answered_elsewhere' }]);
  });
});

describe('a call that one takes part in', () => {
  test('is started under one id however often it is asked for, and the others join and leave', async () => {
    const made = await scene();
    let failures = 1;
    made.answer = () => {
      if (failures-- > 0) throw new ChatError(errorCodes.unavailable, 'again', { retryable: true });
      return record({
        callerId: me,
        outgoing: true,
        part: 'in',
        participants: [
          { principalId: me, part: 'in' },
          { principalId: peer, part: 'ringing' },
        ],
      });
    };
    const starting = made.calls.start(7, 'video');
    await made.clock.advance(600);
    const call = await starting;
    const bodies = made.asked.map(([, , body]) => body as { endpointId: string });
    expect(bodies).toHaveLength(2);
    expect(bodies[0]).toEqual(bodies[1]);
    expect(bodies[0]?.endpointId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/);

    const heard: unknown[] = [];
    for (const event of ['joined', 'left', 'ended'] as const) call.on(event, (payload) => heard.push([event, payload]));
    await inbox(made, 42, 'answered');
    await inbox(made, 42, 'left');
    await inbox(made, 43, 'ended');
    expect(heard).toEqual([
      ['joined', peer],
      ['left', peer],
      ['ended', 'ended'],
    ]);
    expect(call.over).toBe('ended');
    expect(made.told).toEqual([]);
  });

  test('numbers its signals to each and sends them one after another', async () => {
    const made = await scene();
    made.answer = () => record({ part: 'in', status: 'answered' });
    const call = await made.calls.answer(70);
    call.signal(peer, 'offer', 'v=0');
    call.signal(peer, 'candidate', '');
    call.signal(9, 'restart', '');
    await made.clock.advance(0);
    for (let i = 0; i < 20; i++) await Promise.resolve();

    const sent = made.server.received('signalCall');
    expect(sent.map(({ to, sequence, kind, body }) => [to, sequence, kind, body])).toEqual([
      [peer, 1, 1, 'v=0'],
      [peer, 2, 3, ''],
      [9, 1, 4, ''],
    ]);
    expect(new Set(sent.map(({ endpointId }) => endpointId)).size).toBe(1);
  });

  test('takes signals in order, sees holes, and drops what is known or late', async () => {
    const made = await scene();
    made.answer = () => record({ part: 'in', status: 'answered' });
    const call = await made.calls.answer(70);
    signal(made, 1); // before anybody listens
    const heard: unknown[] = [];
    call.on('signal', ({ body }) => heard.push(body));
    call.on('hole', (from) => heard.push(['hole', from]));
    await made.clock.advance(0);
    signal(made, 2);
    signal(made, 2);
    signal(made, 5);
    signal(made, 4);
    signal(made, 6, 'later kind', place, peer, 99);
    signal(made, 7);
    expect(heard).toEqual(['1', '2', ['hole', peer], '5', '7']);

    signal(made, 1, 'came back', otherPlace);
    signal(made, 8);
    expect(heard.slice(5)).toEqual(['came back']);
  });

  test('what comes before the reply of the answer is not lost', async () => {
    const made = await scene();
    let reply: (value: unknown) => void = () => {};
    made.answer = () => new Promise((resolve) => (reply = resolve));
    const answering = made.calls.answer(70);
    await made.clock.advance(0);
    signal(made, 1, 'early');
    await inbox(made, 42, 'answered', me);
    await inbox(made, 42, 'answered', 9);
    reply(record({ part: 'in', status: 'answered' }));
    const call = await answering;
    const heard: string[] = [];
    call.on('signal', ({ body }) => heard.push(body));
    await made.clock.advance(0);

    expect(heard).toEqual(['early']);
    expect([...call.others]).toEqual([peer, 9]);
    expect(made.told).toEqual([]);
  });

  test('says that it is there, and is over when the service does not have it any more', async () => {
    const made = await scene();
    made.answer = () => record({ part: 'in', status: 'answered' });
    const call = await made.calls.answer(70);
    await made.clock.advance(10_000);
    await made.clock.advance(10_000);
    expect(made.server.received('keepCall')).toHaveLength(2);

    made.server.answers.set('keepCall', () => refusal(errorCodes.call_not_found));
    await made.clock.advance(10_000);
    expect(call.over).toBe('ended');
    await made.clock.advance(60_000);
    expect(made.server.received('keepCall')).toHaveLength(3);
  });

  test('a sign of life without a reply is given again, well before the service takes one as lost', async () => {
    const made = await scene();
    made.answer = () => record({ part: 'in', status: 'answered' });
    const call = await made.calls.answer(70);
    made.server.answers.set('keepCall', () => null);
    await made.clock.advance(10_000);
    await made.clock.advance(5_000);
    await made.clock.advance(1);
    expect(made.server.received('keepCall')).toHaveLength(2);
    expect(call.over).toBeNull();
  });

  test('what one did at a place before this does not end it', async () => {
    const made = await scene();
    made.answer = () => record({ part: 'in', status: 'answered' });
    const call = await made.calls.answer(70);
    await inbox(made, 42, `left ${otherPlace}`, me);
    expect(call.over).toBeNull();
    const endpointId = (made.asked.at(-1)?.[2] as { endpointId: string } | undefined)?.endpointId ?? '';
    await inbox(made, 42, `left ${endpointId.replaceAll('-', '')}`, me);
    expect(call.over).toBe('ended');
  });

  test('one who left one place and came back at another is there, whatever is heard first', async () => {
    const made = await scene();
    made.answer = () => record({ part: 'in', status: 'answered' });
    const call = await made.calls.answer(70);
    const heard: unknown[] = [];
    for (const event of ['joined', 'left'] as const) call.on(event, (payload) => heard.push([event, payload]));
    call.on('signal', ({ body }) => heard.push(body));
    await made.clock.advance(0);
    signal(made, 1, 'old');
    signal(made, 1, 'new', otherPlace);
    await inbox(made, 42, `left ${place}`);
    await inbox(made, 42, `answered ${otherPlace}`);
    signal(made, 2, 'late');
    signal(made, 2, 'goes on', otherPlace);
    expect(heard).toEqual(['old', ['left', peer], ['joined', peer], 'new', 'goes on']);
    expect([...call.others]).toEqual([peer]);
  });

  test('is over here also when the service cannot be told', async () => {
    const made = await scene();
    made.answer = () => record({ part: 'in', status: 'answered' });
    const call = await made.calls.answer(70);
    made.answer = () => {
      throw new ChatError(errorCodes.internal, 'broken');
    };
    await expect(call.end()).rejects.toMatchObject({ code: errorCodes.internal });
    expect(call.over).toBe('ended');
  });

  test('is over here at once, and the service is told for as long as it would wait for a sign of life', async () => {
    const made = await scene();
    made.answer = () => record({ part: 'in', status: 'answered' });
    const call = await made.calls.answer(70);
    let failures = 0;
    made.answer = () => {
      if (++failures < 9) throw new ChatError(errorCodes.unavailable, 'away', { retryable: true });
      return record({ part: 'left', status: 'ended' });
    };
    const told: unknown[] = [];
    call.on('ended', (how) => told.push(how));
    const ending = call.end();
    await inbox(made, 43, 'missed', me); // what it was to the others is no news
    expect([call.over, told]).toEqual(['ended', ['ended']]);
    for (let second = 0; second < 20; second++) await made.clock.advance(1_000);
    await ending;
    expect(failures).toBe(9);
    expect(made.server.received('keepCall')).toHaveLength(0);
  });

  test.each([
    ['was there before, waits for its offer', [], 0],
    ['answered before the media were ready, gets an offer', [`answered ${place}`], 1],
  ])('one who %s', async (_, answers, offers) => {
    const made = await scene();
    const part = answers.length === 0 ? 'in' : 'ringing';
    made.answer = () =>
      record({
        part: 'in',
        participants: [
          { principalId: me, part: 'in' },
          { principalId: peer, part },
        ],
      });
    const call = await made.calls.start(7, 'voice');
    for (const answer of answers) await inbox(made, 42, answer);
    let tracks = 0;
    const connection = Object.assign(new EventTarget(), {
      connectionState: 'new',
      signalingState: 'stable',
      addTrack: () => tracks++,
      close() {},
    });
    const stream = { getTracks: () => [{}] } as unknown as MediaStream;
    const media = createPeerCall(call, { me, stream, connect: () => connection as unknown as RTCPeerConnection, clock: made.clock });
    expect([...media.connections.keys()]).toEqual([peer]);
    expect(tracks).toBe(offers); // who begins puts its tracks in, which makes the offer
  });

  test('is ended, and one that is over at once says so', async () => {
    const made = await scene();
    made.answer = () => record({ part: 'in', status: 'answered' });
    const call = await made.calls.answer(70);
    made.answer = () => record({ part: 'left', status: 'ended' });
    await call.end();
    await call.end();
    expect(made.asked.filter(([, path]) => path.includes('/end?endpointId='))).toHaveLength(1);

    made.answer = () => record({ part: 'left', status: 'missed', reason: 'busy', callerId: me });
    expect((await made.calls.start(7, 'voice')).over).toBe('missed');
  });
});

test('history, what is live, sums and servers are one route each', async () => {
  const made = await scene();
  made.answer = (path) => {
    if (path.includes('statistics')) {
      const counts = {
        total: 3,
        incoming: 1,
        outgoing: 2,
        voice: 3,
        video: 0,
        ended: 1,
        declined: 1,
        missed: 1,
        people: 1,
        talkedSeconds: 75,
      };
      return { from: 'a', to: 'b', ...counts };
    }
    if (path.includes('ice-servers')) return { iceServers: [{ urls: ['stun:a'] }, { urls: ['turn:b'], username: 'u', credential: 'c' }] };
    return { items: [record()], nextCursor: '5' };
  };
  expect((await made.calls.active()).map((call) => call.callId)).toEqual([70]);
  expect(await made.calls.history({ direction: 'missed', cursor: undefined, limit: 2 })).toMatchObject({ nextCursor: '5' });
  expect(await made.calls.statistics({ from: new Date(0) })).toMatchObject({ total: 3, talkedSeconds: 75 });
  expect(await made.calls.iceServers()).toEqual([{ urls: ['stun:a'] }, { urls: ['turn:b'], username: 'u', credential: 'c' }]);
  expect(made.asked.map(([, path]) => path)).toEqual([
    '/api/calls/active',
    '/api/calls?direction=missed&limit=2',
    '/api/calls/statistics?from=1970-01-01T00%3A00%3A00.000Z',
    '/api/calls/ice-servers',
  ]);
});

test('each participant has numbers of its own', () => {
  const order = new SignalOrder();
  expect([order.next(2), order.next(2), order.next(3)]).toEqual([1, 2, 1]);
});
