import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { endedAccounts } from '../../src/account/endedAccounts';
import { useAccount } from '../../src/account/useAccount';
import { keepPushOwner, pushOwner } from '../../src/notifications/pushOwner';
import { stubDevice } from '../notifications/stubDevice';
import { MemoryStorage } from './memoryStorage';

let page = new EventTarget();
beforeEach(() => {
  page = new EventTarget();
  vi.stubGlobal('addEventListener', page.addEventListener.bind(page));
  vi.stubGlobal('removeEventListener', page.removeEventListener.bind(page));
});
afterEach(() => vi.unstubAllGlobals());

/** As another tab's change of what is stored is told. */
const stored = (key: string, newValue: string | null) => page.dispatchEvent(Object.assign(new Event('storage'), { key, newValue }));

it('the session is handed out as it is, so that it can reach its private fields and give a token', async () => {
  vi.stubGlobal('location', { origin: 'http://chat.example' });
  vi.stubGlobal('navigator', { userAgent: 'Firefox' });
  vi.stubGlobal('localStorage', new MemoryStorage());
  vi.stubGlobal('sessionStorage', new MemoryStorage());
  const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
  const data = { user: { principalId: 1, name: 'Anna' }, token: 'access', expiresAt, refreshToken: 'refresh' };
  vi.stubGlobal('fetch', async () => new Response(JSON.stringify({ data }), { status: 200 }));

  const account = useAccount();
  await account.signIn('anna@x.example', 'secret');

  expect(await account.session.value?.token('connect')).toBe('access');
  await account.signOut();
  expect(account.session.value).toBeNull();
  expect(localStorage.length).toBe(0);
});

it('a sign-in that fails leaves the account of this tab and of the next one alone', async () => {
  vi.stubGlobal('location', { origin: 'http://chat.example' });
  vi.stubGlobal('navigator', { userAgent: 'Firefox' });
  vi.stubGlobal('localStorage', new MemoryStorage());
  vi.stubGlobal('sessionStorage', new MemoryStorage());
  localStorage.setItem('chat.lastSlot', 'before');
  vi.stubGlobal('fetch', async () => new Response('{}', { status: 401 }));

  await expect(useAccount().signIn('anna@x.example', 'wrong')).rejects.toThrow();

  expect(localStorage.getItem('chat.lastSlot')).toBe('before');
  expect(localStorage.length).toBe(1);
  expect(sessionStorage.length).toBe(0);
});

it('who signs out is told of nothing any more on this device, though the service does not hear of it', async () => {
  vi.stubGlobal('location', { origin: 'http://chat.example' });
  const { unsubscribe, shown } = stubDevice();
  vi.stubGlobal('localStorage', new MemoryStorage());
  vi.stubGlobal('sessionStorage', new MemoryStorage());
  const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
  const data = { user: { principalId: 1, name: 'Anna' }, token: 'access', expiresAt, refreshToken: 'refresh' };
  vi.stubGlobal('fetch', async (url: URL) => {
    if (String(url).includes('logout')) throw new TypeError('offline');
    return new Response(JSON.stringify({ data }), { status: 200 });
  });
  const account = useAccount();
  await account.signIn('anna@x.example', 'secret');
  await keepPushOwner(1);
  await account.signOut();
  await vi.waitFor(() => expect(unsubscribe).toHaveBeenCalledOnce());
  expect(await pushOwner()).toBeNull();
  expect(shown.map(({ close }) => close.mock.calls.length > 0)).toEqual([true, false, true]);
});

it('a session that ends by itself is known, so that what waits is kept; one that is ended by wish is not, in any order', async () => {
  vi.stubGlobal('location', { origin: 'http://chat.example' });
  vi.stubGlobal('navigator', { userAgent: 'Firefox' });
  vi.stubGlobal('localStorage', new MemoryStorage());
  vi.stubGlobal('sessionStorage', new MemoryStorage());
  const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
  const data = { user: { principalId: 1, name: 'Anna' }, token: 'access', expiresAt, refreshToken: 'refresh' };
  const refused = { code: 303, title: 'signed out' };
  vi.stubGlobal('fetch', async (url: URL) =>
    String(url).includes('refresh')
      ? new Response(JSON.stringify(refused), { status: 401, headers: { 'content-type': 'application/problem+json' } })
      : new Response(JSON.stringify({ data }), { status: 200 }),
  );
  const account = useAccount();
  const ended = () => endedAccounts().map(({ name }) => name);
  await account.signIn('anna@x.example', 'secret');
  expect(ended()).toEqual([]);
  await expect(account.session.value?.token('rejected')).rejects.toThrow(); // the service has ended it
  expect(ended()).toEqual(['Anna']);
  account.forget();
  expect(ended()).toEqual(['Anna']);
  await account.signIn('anna@x.example', 'secret');
  expect(ended()).toEqual([]);
  account.forget();
  expect(ended()).toEqual(['Anna']);
  await account.signIn('anna@x.example', 'secret');
  await account.signOut();
  expect(ended()).toEqual([]);
});

it('a sign-out is told to the other tabs of the same device, and one of theirs ends this one too', async () => {
  vi.stubGlobal('location', { origin: 'http://chat.example' });
  vi.stubGlobal('navigator', { userAgent: 'Firefox' });
  vi.stubGlobal('localStorage', new MemoryStorage());
  vi.stubGlobal('sessionStorage', new MemoryStorage());
  const told = vi.spyOn(localStorage, 'setItem');
  const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
  const data = { user: { principalId: 1, name: 'Anna' }, token: 'access', expiresAt, refreshToken: 'refresh' };
  vi.stubGlobal('fetch', async () => new Response(JSON.stringify({ data }), { status: 200 }));
  const account = useAccount();

  await account.signIn('anna@x.example', 'secret');
  const first = account.device();
  await account.signOut();
  expect(told.mock.calls.at(-1)).toEqual(['chat.signedOut', first]);
  expect(localStorage.length).toBe(0);

  await account.signIn('anna@x.example', 'secret');
  stored('chat.signedOut', first);
  stored('chat.signedOut', null);
  expect(account.session.value).not.toBeNull();
  told.mockClear();
  stored('chat.signedOut', account.device());
  expect([account.session.value, account.device(), told.mock.calls.filter(([key]) => key === 'chat.signedOut')]).toEqual([null, null, []]);
});
