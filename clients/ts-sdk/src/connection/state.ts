/** Why a connection ended, or why the client is not trying any more. */
export interface CloseReason {
  /** A close code of protocol-spec.md §9.2 or RFC 6455; 0 when it ended before there was one. */
  readonly code: number;
  readonly text: string;
  /** The client comes back by itself. */
  readonly retryable: boolean;
}

/** Where the client stands. `since` is in the clock's milliseconds. */
export type ConnectionState =
  | { readonly kind: 'idle'; readonly since: number }
  | { readonly kind: 'connecting'; readonly since: number; readonly attempt: number }
  | { readonly kind: 'online'; readonly since: number; readonly attempt: number; readonly sessionId: number }
  | {
      readonly kind: 'waiting';
      readonly since: number;
      readonly attempt: number;
      readonly retryAtMs: number;
      readonly reason: CloseReason;
    }
  | { readonly kind: 'closed'; readonly since: number; readonly reason: CloseReason | null };

export type ConnectionEvent =
  | { readonly kind: 'connect' }
  | { readonly kind: 'welcomed'; readonly sessionId: number }
  | { readonly kind: 'lost'; readonly reason: CloseReason; readonly retryInMs: number }
  | { readonly kind: 'retry' }
  | { readonly kind: 'stop'; readonly reason: CloseReason | null };

/** The one place where a state follows from another. An event that means nothing in a state leaves it as it is. */
export function transition(state: ConnectionState, event: ConnectionEvent, now: number): ConnectionState {
  switch (event.kind) {
    case 'connect':
      return state.kind === 'idle' || state.kind === 'closed' ? { kind: 'connecting', since: now, attempt: 1 } : state;
    case 'welcomed':
      return state.kind === 'connecting' ? { kind: 'online', since: now, attempt: state.attempt, sessionId: event.sessionId } : state;
    case 'lost': {
      if (state.kind !== 'connecting' && state.kind !== 'online') return state;
      const attempt = failuresInARow(state, now);
      return { kind: 'waiting', since: now, attempt, retryAtMs: now + event.retryInMs, reason: event.reason };
    }
    case 'retry':
      return state.kind === 'waiting' ? { kind: 'connecting', since: now, attempt: state.attempt + 1 } : state;
    case 'stop':
      return state.kind === 'closed' ? state : { kind: 'closed', since: now, reason: event.reason };
  }
}

/** A connection that was online this long starts counting anew; a shorter one does not, or a flapping server would be hammered. */
const stableMs = 10_000;
/** A shorter one counts no more failures than this: a server that crashes again and again is there each time, and pauses stay within 2 s. */
const mostAfterWelcome = 3;

/** Failures in a row, if the connection is lost now: the exponent of the back-off. */
export function failuresInARow(state: ConnectionState, now: number): number {
  if (state.kind === 'connecting') return state.attempt;
  return state.kind === 'online' && now - state.since < stableMs ? Math.min(state.attempt, mostAfterWelcome) : 0;
}
