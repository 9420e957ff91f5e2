import { afterEach, expect, it, vi } from 'vitest';
import { useAccount } from '../../src/account/useAccount';

class MemoryStorage {
  readonly #entries = new Map<string, string>();
  getItem = (key: string) => this.#entries.get(key) ?? null;
  setItem = (key: string, value: string) => void this.#entries.set(key, value);
  removeItem = (key: string) => void this.#entries.delete(key);
  key = (index: number) => [...this.#entries.keys()][index] ?? null;
  get length() {
    return this.#entries.size;
  }
}

afterEach(() => vi.unstubAllGlobals());

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
  account.forget();
  expect(account.session.value).toBeNull();
  expect(localStorage.length).toBe(0);
});
