import type { CloseReason, ConnectionState } from '@chat/sdk';

/** What the banner says; null while there is nothing to say. */
export interface Banner {
  readonly tone: 'warn' | 'danger';
  readonly key: string;
  readonly reason: string | null;
  readonly action: 'signIn' | null;
  readonly countdown: boolean;
}

/** A short outage is not news: a reconnect that succeeds within this time never shows. */
export const QuietMs = 1_500;

export function bannerOf(state: ConnectionState, browserOnline: boolean, wasOnline: boolean): Banner | null {
  switch (state.kind) {
    case 'idle':
    case 'online':
      return null;
    case 'connecting':
      if (!browserOnline) return offline;
      return plain(wasOnline || state.attempt > 1 ? 'connection.reconnecting' : 'connection.connecting');
    case 'waiting':
      return browserOnline
        ? { tone: 'warn', key: 'connection.waiting', reason: reasonKey(state.reason), action: null, countdown: true }
        : offline;
    case 'closed':
      if (!state.reason || state.reason.code === 1000) return null; // we closed it ourselves
      return { tone: 'danger', key: 'connection.closed', reason: reasonKey(state.reason), action: 'signIn', countdown: false };
  }
}

const offline: Banner = { tone: 'warn', key: 'connection.offline', reason: null, action: null, countdown: false };
const plain = (key: string): Banner => ({ tone: 'warn', key, reason: null, action: null, countdown: false });

const reasons: Readonly<Record<number, string>> = {
  303: 'revoked',
  308: 'blocked',
  1001: 'server',
  1012: 'server',
  4000: 'server',
  4001: 'slow',
  4002: 'idle',
  4003: 'overloaded',
  4006: 'storage',
  4402: 'revoked',
};

function reasonOf(code: number): string {
  if (code >= 4400 && code < 4500) return 'token';
  if (code >= 4500 && code < 5000) return 'client';
  return 'network';
}

const reasonKey = ({ code }: CloseReason): string => `connection.reasons.${reasons[code] ?? reasonOf(code)}`;
