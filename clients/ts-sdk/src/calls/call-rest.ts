import { arrayOf, flagOf, numberOf, optionalNumber, optionalText, textOf } from '../account/json.js';
import type { HttpMethod } from '../account/rest.js';
import { dashed } from '../account/uuid.js';
import type { CallKind, CallPage, CallPart, CallReason, CallRecord, CallStatistics, CallStatus, IceServer } from './records.js';

export type CallFetch = (method: HttpMethod, path: string, body?: unknown) => Promise<unknown>;

/** A record, and within how long a participant must give a sign of life. */
export interface JoinedCall {
  readonly record: CallRecord;
  readonly keepWithinMs: number;
}

/** The routes of calls as functions. */
export class CallRest {
  readonly #fetch: CallFetch;

  constructor(fetch: CallFetch) {
    this.#fetch = fetch;
  }

  async start(chatId: number, kind: CallKind, endpointId: string): Promise<JoinedCall> {
    return joinedOf(await this.#fetch('POST', '/api/calls', { chatId, kind, endpointId: dashed(endpointId) }));
  }

  async answer(callId: number, endpointId: string): Promise<JoinedCall> {
    return joinedOf(await this.#fetch('POST', `/api/calls/${callId}/answer`, { endpointId: dashed(endpointId) }));
  }

  async decline(callId: number): Promise<CallRecord> {
    return recordOf(await this.#fetch('POST', `/api/calls/${callId}/decline`));
  }

  /** Ends it for this place, and for none that came after it. */
  async end(callId: number, endpointId: string): Promise<CallRecord> {
    return recordOf(await this.#fetch('POST', `/api/calls/${callId}/end?endpointId=${dashed(endpointId)}`));
  }

  async find(callId: number): Promise<CallRecord> {
    return recordOf(await this.#fetch('GET', `/api/calls/${callId}`));
  }

  async list(path: string): Promise<CallPage> {
    const page = await this.#fetch('GET', path);
    return { calls: arrayOf(page, 'items').map(recordOf), nextCursor: optionalText(page, 'nextCursor') };
  }

  async statistics(query: string): Promise<CallStatistics> {
    const sum = await this.#fetch('GET', `/api/calls/statistics${query}`);
    const count = (member: string): number => numberOf(sum, member);
    return {
      from: textOf(sum, 'from'),
      to: textOf(sum, 'to'),
      total: count('total'),
      incoming: count('incoming'),
      outgoing: count('outgoing'),
      voice: count('voice'),
      video: count('video'),
      ended: count('ended'),
      declined: count('declined'),
      missed: count('missed'),
      people: count('people'),
      talkedSeconds: count('talkedSeconds'),
    };
  }

  async iceServers(): Promise<IceServer[]> {
    return arrayOf(await this.#fetch('GET', '/api/calls/ice-servers'), 'iceServers').map((one) => {
      const [username, credential] = [optionalText(one, 'username'), optionalText(one, 'credential')];
      const urls = arrayOf(one, 'urls').map(String);
      return username === null || credential === null ? { urls } : { urls, username, credential };
    });
  }
}

function joinedOf(answer: unknown): JoinedCall {
  return { record: recordOf(answer), keepWithinMs: numberOf(answer, 'keepWithinMs') };
}

function recordOf(answer: unknown): CallRecord {
  return {
    callId: numberOf(answer, 'callId'),
    chatId: numberOf(answer, 'chatId'),
    callerId: numberOf(answer, 'callerId'),
    receiverId: optionalNumber(answer, 'receiverId'),
    kind: textOf(answer, 'kind') as CallKind,
    status: textOf(answer, 'status') as CallStatus,
    reason: optionalText(answer, 'reason') as CallReason | null,
    outgoing: flagOf(answer, 'outgoing'),
    part: textOf(answer, 'part') as CallPart,
    startedAt: textOf(answer, 'startedAt'),
    answeredAt: optionalText(answer, 'answeredAt'),
    endedAt: optionalText(answer, 'endedAt'),
    duration: optionalNumber(answer, 'duration'),
    participants: arrayOf(answer, 'participants').map((one) => ({
      principalId: numberOf(one, 'principalId'),
      part: textOf(one, 'part') as CallPart,
    })),
  };
}
