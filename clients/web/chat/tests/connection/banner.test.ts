import type { ConnectionState } from '@chat/sdk';
import { ChatError } from '@chat/sdk';
import { describe, expect, it } from 'vitest';
import { bannerOf } from '../../src/connection/banner';
import { errorText } from '../../src/connection/errorText';
import * as en from '../../src/i18n/en';

const waiting = (code: number): ConnectionState => ({
  kind: 'waiting',
  since: 0,
  attempt: 1,
  retryAtMs: 500,
  reason: { code, text: '', retryable: true },
});
const closed = (code: number): ConnectionState => ({ kind: 'closed', since: 0, reason: { code, text: '', retryable: false } });
const connecting = (attempt: number): ConnectionState => ({ kind: 'connecting', since: 0, attempt });

describe('the connection banner', () => {
  it('is silent while nothing is wrong', () => {
    expect(bannerOf({ kind: 'idle', since: 0 }, true, false)).toBeNull();
    expect(bannerOf({ kind: 'closed', since: 0, reason: null }, true, true)).toBeNull();
  });

  it('tells connecting from reconnecting', () => {
    expect(bannerOf(connecting(1), true, false)?.key).toBe('connection.connecting');
    expect(bannerOf(connecting(1), true, true)?.key).toBe('connection.reconnecting');
    expect(bannerOf(connecting(2), true, false)?.key).toBe('connection.reconnecting');
  });

  it('blames the network when the browser says so', () => {
    expect(bannerOf(waiting(1006), false, true)?.key).toBe('connection.offline');
  });

  it('gives the reason of a wait, an unknown code by its range', () => {
    expect(bannerOf(waiting(4000), true, true)?.reason).toBe('connection.reasons.server');
    expect(bannerOf(waiting(1006), true, true)?.reason).toBe('connection.reasons.network');
    expect(bannerOf(waiting(4499), true, true)?.reason).toBe('connection.reasons.token');
    expect(bannerOf(waiting(4999), true, true)?.reason).toBe('connection.reasons.client');
  });

  it('offers to sign in again when the session was ended', () => {
    expect(bannerOf(closed(4402), true, true)).toMatchObject({ action: 'signIn', reason: 'connection.reasons.revoked' });
    expect(bannerOf(closed(303), true, true)).toMatchObject({ action: 'signIn', reason: 'connection.reasons.revoked' });
    expect(bannerOf(closed(308), true, true)).toMatchObject({ action: 'signIn', reason: 'connection.reasons.blocked' });
  });
});

describe('error texts', () => {
  it('stand in the catalogue for every code of the protocol, and say what to do', () => {
    for (const code of [
      100, 101, 102, 103, 104, 200, 201, 202, 203, 204, 205, 206, 300, 301, 302, 303, 304, 308, 400, 401, 402, 500, -1, -2, 999,
    ]) {
      const { key } = errorText(new ChatError(code, 'detail'));
      expect(Object.keys(en.errors), `code ${code}`).toContain(key.replace('errors.', ''));
    }
  });

  it('say to who signs in that the account is blocked', () => {
    expect(errorText(new ChatError(308, 'x')).key).toBe('errors.accountBlocked');
  });

  it('do not tell an unknown account from a wrong password', () => {
    expect(errorText(new ChatError(301, 'x')).key).toBe('errors.signInFailed');
  });
});
