import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { currentSlot } from '../../src/account/accountStore';
import { endedAccounts, forgetEnded, isEnded, noteEnded } from '../../src/account/endedAccounts';
import { sweepLeftovers } from '../../src/account/leftovers';
import { keepPushOwner, pushOwner } from '../../src/notifications/pushOwner';
import { stubDevice } from '../notifications/stubDevice';
import { MemoryStorage } from './memoryStorage';

const swept = vi.hoisted(() => vi.fn<(isHere: (principalId: number) => boolean) => Promise<void>>(async () => undefined));
vi.mock('@chat/sdk/offline', () => ({ sweepOutboxes: swept }));

beforeEach(() => {
  vi.stubGlobal('localStorage', new MemoryStorage());
  vi.stubGlobal('sessionStorage', new MemoryStorage());
  localStorage.setItem('chat.session.a', JSON.stringify({ principalId: 1 }));
  localStorage.setItem('chat.session.b', '{');
});
afterEach(() => vi.unstubAllGlobals());

it('keeps what is of accounts that are signed in here, and sweeps the rest', async () => {
  const { unsubscribe } = stubDevice();
  await keepPushOwner(1);
  await sweepLeftovers(3);
  expect([unsubscribe.mock.calls.length, await pushOwner()]).toEqual([0, 1]);
  const isHere = swept.mock.calls[0]?.[0];
  expect([1, 2, 3].map((id) => isHere?.(id))).toEqual([true, false, true]);

  localStorage.removeItem('chat.session.a');
  await sweepLeftovers(3);
  expect([unsubscribe.mock.calls.length, await pushOwner()]).toEqual([1, null]);
});

it('what waits of those whose session ended by itself is not swept, but nothing of them is shown', async () => {
  const { unsubscribe } = stubDevice();
  await keepPushOwner(5);
  noteEnded({ principalId: 5, name: 'Ben' });
  await sweepLeftovers(3);
  const isKept = swept.mock.lastCall?.[0];
  expect([isKept?.(5), isKept?.(6), unsubscribe.mock.calls.length, await pushOwner()]).toEqual([true, false, 1, null]);
  forgetEnded(5);
  await sweepLeftovers(3);
  expect(swept.mock.lastCall?.[0](5)).toBe(false);
});

it('an ended session is known for seven days, once each, whatever else stands in the storage', () => {
  const day = 24 * 3_600_000;
  noteEnded({ principalId: 5, name: 'Ben' }, Date.now() - 6 * day);
  noteEnded({ principalId: 6, name: 'Chloé' }, Date.now() - 8 * day);
  noteEnded({ principalId: 5, name: 'Ben B.' }, Date.now() - 5 * day);
  expect(endedAccounts().map(({ name }) => name)).toEqual(['Ben B.']);
  expect([isEnded(5), isEnded(6), endedAccounts(Date.now() + 3 * day).length]).toEqual([true, false, 0]);
  for (const odd of ['{', '{}', '[1, null, {"principalId": "5"}]']) {
    localStorage.setItem('chat.ended', odd);
    expect(endedAccounts()).toEqual([]);
  }
});

it('a new tab goes on as whom it is asked for, where they are kept; one that is somebody stays so', () => {
  localStorage.setItem('chat.lastSlot', 'last');
  expect([currentSlot(), currentSlot(1), currentSlot(2)]).toEqual(['last', 'a', 'last']);
  sessionStorage.setItem('chat.slot', 'mine');
  expect(currentSlot(1)).toBe('mine');
});
