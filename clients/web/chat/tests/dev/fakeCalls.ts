// Calls without a server, for `npx vite --mode fake`: a list of them, and nobody who answers.
import type { CallRecord, Calls, PeerCall } from '../../../../ts-sdk/src/index';

const started = Date.now();

function callOf(callId: number, over: Partial<CallRecord>): CallRecord {
  return {
    callId,
    chatId: 11,
    callerId: 2,
    receiverId: 1,
    kind: 'voice',
    status: 'ended',
    reason: null,
    outgoing: false,
    part: 'left',
    startedAt: new Date(started - callId * 3_600_000).toISOString(),
    answeredAt: null,
    endedAt: null,
    duration: 75,
    participants: [],
    ...over,
  };
}

const list = [
  callOf(1, { part: 'missed', status: 'missed', duration: null }),
  callOf(2, { kind: 'video' }),
  callOf(3, { outgoing: true, callerId: 1, receiverId: 2 }),
];

export function createCalls(): Calls {
  const calls: Partial<Calls> = {
    on: () => () => undefined,
    active: async () => [],
    history: async ({ direction } = {}) => ({ calls: direction === 'missed' ? list.slice(0, 1) : list, nextCursor: null }),
    iceServers: async () => [],
    start: () => Promise.reject(new Error('There is nobody here.')),
    close: () => undefined,
  };
  return calls as Calls;
}

export function createPeerCall(): PeerCall {
  throw new Error('There is nobody here.');
}
