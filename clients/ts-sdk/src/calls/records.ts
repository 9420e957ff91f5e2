import type { ChatError } from '../errors.js';

export type CallKind = 'voice' | 'video';
export type CallStatus = 'ringing' | 'answered' | 'ended' | 'declined' | 'missed';
/** What a call is, or was, to one of those who were called. */
export type CallPart = 'ringing' | 'in' | 'left' | 'declined' | 'missed' | 'busy';
/** Why it is over. */
export type CallReason = 'hung_up' | 'declined' | 'cancelled' | 'unanswered' | 'busy' | 'lost';

/** A call as one who was called, or called, sees it. Times are ISO 8601. */
export interface CallRecord {
  readonly callId: number;
  readonly chatId: number;
  readonly callerId: number;
  /** In a direct chat. */
  readonly receiverId: number | null;
  readonly kind: CallKind;
  readonly status: CallStatus;
  readonly reason: CallReason | null;
  readonly outgoing: boolean;
  readonly part: CallPart;
  readonly startedAt: string;
  readonly answeredAt: string | null;
  readonly endedAt: string | null;
  /** Seconds from the answer to the end; null while it is live. */
  readonly duration: number | null;
  readonly participants: readonly { readonly principalId: number; readonly part: CallPart }[];
}

export interface CallPage {
  /** The newest first. */
  readonly calls: readonly CallRecord[];
  readonly nextCursor: string | null;
}

/** What one's ended calls of a time add up to. */
export interface CallStatistics {
  readonly from: string;
  readonly to: string;
  readonly total: number;
  readonly incoming: number;
  readonly outgoing: number;
  readonly voice: number;
  readonly video: number;
  readonly ended: number;
  readonly declined: number;
  readonly missed: number;
  /** With how many others one talked. */
  readonly people: number;
  readonly talkedSeconds: number;
}

/** As `RTCPeerConnection` takes it. */
export interface IceServer {
  readonly urls: string[];
  readonly username?: string;
  readonly credential?: string;
}

export interface CallsEvents {
  /** Somebody calls, and it rings right now. */
  ringing: CallRecord;
  /** It rings no more here: answered or declined on another device of one's own, or over. */
  stopped: { readonly callId: number; readonly why: 'answered_elsewhere' | 'declined' | 'ended' | 'missed' };
  /** One did not answer. */
  missed: { readonly callId: number; readonly callerId: number };
  error: ChatError;
}

/** Calls: starts, answers and ends them, and tells when somebody calls. Goes by a connected client; made by `createCalls`. */
export interface Calls {
  on<K extends keyof CallsEvents>(event: K, handler: (payload: CallsEvents[K]) => void): () => void;
  /**
   * Calls everybody else in a chat; where a call is live there, joins it. Of a call that is over at once (all are busy) `record.status` is
   * `missed`. Fails with `blocked`, `not_allowed`, `in_another_call`, `answered_elsewhere`, `too_many_members`.
   */
  start(chatId: number, kind: CallKind): Promise<OngoingCall>;
  /** Takes part from here. Fails with `answered_elsewhere`, `call_ended`, `in_another_call`, `too_many_members`. */
  answer(callId: number): Promise<OngoingCall>;
  decline(callId: number): Promise<void>;
  find(callId: number): Promise<CallRecord>;
  /** What rings, what one is in, and what one was called to and others talk in. That what rings does no more is told (`stopped`) from then on. */
  active(): Promise<readonly CallRecord[]>;
  history(options?: { direction?: 'incoming' | 'outgoing' | 'missed'; cursor?: string | undefined; limit?: number }): Promise<CallPage>;
  /** Of the last thirty days, unless asked otherwise. */
  statistics(range?: { from?: Date; to?: Date }): Promise<CallStatistics>;
  iceServers(): Promise<IceServer[]>;
  /** Stops listening. Calls that one takes part in go on until they are ended. */
  close(): void;
}

export type SignalKind = 'offer' | 'answer' | 'candidate' | 'restart';

export interface OngoingCallEvents {
  /** Another one takes part now. */
  joined: number;
  left: number;
  /** In the order in which that participant sent them. */
  signal: { readonly from: number; readonly kind: SignalKind; readonly body: string };
  /** Signals of that participant were lost before the next one that comes. */
  hole: number;
  /** The call is over for this place. */
  ended: 'ended' | 'declined' | 'missed';
}

/** A call that this place takes part in. It says by itself that it is there. */
export interface OngoingCall {
  /** As it was when this place began to take part. */
  readonly record: CallRecord;
  readonly callId: number;
  /** The others who take part. */
  readonly others: ReadonlySet<number>;
  /** Null while it goes on. */
  readonly over: OngoingCallEvents['ended'] | null;
  on<K extends keyof OngoingCallEvents>(event: K, handler: (payload: OngoingCallEvents[K]) => void): () => void;
  /** Signals to one participant arrive in this order, if they arrive. */
  signal(to: number, kind: SignalKind, body: string): void;
  /** Hangs up here. It is over at once, also where this fails: the service then sees it by the silence. */
  end(): Promise<void>;
}
