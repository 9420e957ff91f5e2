import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { currentSlot } from '../../src/account/accountStore';
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

it('a new tab goes on as whom it is asked for, where they are kept; one that is somebody stays so', () => {
  localStorage.setItem('chat.lastSlot', 'last');
  expect([currentSlot(), currentSlot(1), currentSlot(2)]).toEqual(['last', 'a', 'last']);
  sessionStorage.setItem('chat.slot', 'mine');
  expect(currentSlot(1)).toBe('mine');
});
