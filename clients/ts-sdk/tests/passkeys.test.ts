import { afterEach, expect, test, vi } from 'vitest';
import { createPasskeys, passkeysWork, signInWithPasskey } from '../src/account/passkeys.js';
import { memoryStore } from '../src/account/token-store.js';
import { ChatError } from '../src/errors.js';

afterEach(() => vi.unstubAllGlobals());

const url = 'http://service.example';
const passkey = { passkeyId: 4, name: 'Phone', createdAt: '2030-01-01T00:00:00Z', lastUsedAt: null, backedUp: true };

/** Answers the server's part by path, and writes down what was asked. */
function serve(answer: (path: string) => { status?: number; body?: unknown }): [string, unknown][] {
  const asked: [string, unknown][] = [];
  vi.stubGlobal('fetch', async (address: URL, init: RequestInit) => {
    asked.push([`${init.method} ${address.pathname}`, typeof init.body === 'string' ? (JSON.parse(init.body) as unknown) : undefined]);
    const { status = 200, body } = answer(address.pathname);
    return new Response(body === undefined ? null : JSON.stringify(body), { status: body === undefined ? 204 : status });
  });
  return asked;
}

/** A browser whose authenticator answers with these. */
function browser(made: unknown, got: unknown = null) {
  const create = vi.fn(async (_: unknown) => made);
  const get = vi.fn(async (_: unknown) => got);
  vi.stubGlobal('PublicKeyCredential', class {});
  vi.stubGlobal('navigator', { credentials: { create, get } });
  return { create, get };
}

const bytes = (...values: number[]) => Uint8Array.from(values).buffer;

test('a passkey is made by the browser between two calls', async () => {
  const options = {
    rp: { id: 'service.example', name: 'service.example' },
    user: { id: 'NDI', name: 'ada@example.org', displayName: 'Ada' },
    challenge: '-_8',
    pubKeyCredParams: [{ type: 'public-key', alg: -7 }],
    excludeCredentials: [{ type: 'public-key', id: 'AQID', transports: ['usb'] }],
  };
  const asked = serve((path) => (path.endsWith('/options') ? { body: { ceremony: 'C', options } } : { status: 201, body: passkey }));
  const { create } = browser({
    id: '--__',
    type: 'public-key',
    rawId: bytes(0xfb, 0xef, 0xff),
    authenticatorAttachment: 'platform',
    response: { clientDataJSON: bytes(1), attestationObject: bytes(0xff, 0xfe), getTransports: () => ['internal'] },
  });

  const added = await createPasskeys({ url, token: async () => 'T' }).add({ name: 'Phone', password: 'secret', code: '123456' });

  expect(added).toEqual({ passkeyId: 4, name: 'Phone', createdAtMs: Date.UTC(2030, 0, 1), lastUsedAtMs: null, backedUp: true });
  expect(create).toHaveBeenCalledWith({
    publicKey: {
      ...options,
      challenge: Uint8Array.of(0xfb, 0xff),
      user: { ...options.user, id: Uint8Array.of(0x34, 0x32) },
      excludeCredentials: [{ type: 'public-key', id: Uint8Array.of(1, 2, 3), transports: ['usb'] }],
    },
  });
  const credential = {
    id: '--__',
    type: 'public-key',
    rawId: '--__',
    clientExtensionResults: {},
    authenticatorAttachment: 'platform',
    response: { clientDataJSON: 'AQ', attestationObject: '__4', transports: ['internal'] },
  };
  expect(asked).toEqual([
    ['POST /api/auth/passkeys/options', { password: 'secret', code: '123456' }],
    ['POST /api/auth/passkeys', { ceremony: 'C', credential, name: 'Phone' }],
  ]);
});

test('passkeys are listed, renamed and removed', async () => {
  const used = { ...passkey, lastUsedAt: '2030-01-02T00:00:00Z' };
  const asked = serve((path) => (path.endsWith('/remove') ? {} : { body: path.endsWith('/4') ? used : { items: [used] } }));
  const own = createPasskeys({ url, token: async () => 'T' });

  expect((await own.list()).map((one) => one.lastUsedAtMs)).toEqual([Date.UTC(2030, 0, 2)]);
  expect((await own.rename(4, 'Old phone')).passkeyId).toBe(4);
  await own.remove(4, { password: 'secret' });

  expect(asked).toEqual([
    ['GET /api/auth/passkeys', undefined],
    ['PATCH /api/auth/passkeys/4', { name: 'Old phone' }],
    ['POST /api/auth/passkeys/4/remove', { password: 'secret' }],
  ]);
});

test('a sign-in by passkey gives the session that a password gives', async () => {
  const user = { principalId: 12, name: 'Ada' };
  const data = {
    user,
    token: 'A',
    expiresAt: '2030-01-01T00:00:00Z',
    refreshToken: 'R',
    refreshExpiresAt: '2030-02-01T00:00:00Z',
    deviceId: 3,
  };
  const options = { challenge: 'AA', rpId: 'service.example', allowCredentials: [], userVerification: 'required' };
  const asked = serve((path) => ({ body: path.endsWith('/options') ? { ceremony: 'C', options } : { success: true, message: '', data } }));
  const response = { clientDataJSON: bytes(1), authenticatorData: bytes(2), signature: bytes(3), userHandle: bytes(0x34, 0x32) };
  const { get } = browser(null, { id: 'AQID', type: 'public-key', rawId: bytes(1, 2, 3), authenticatorAttachment: null, response });
  const store = memoryStore();
  const { signal } = new AbortController();

  const session = await signInWithPasskey({ url, store, deviceName: 'Browser', mediation: 'conditional', signal });

  expect([session.principalId, session.name, await session.token('connect')]).toEqual([12, 'Ada', 'A']);
  expect(await store.load()).toMatchObject({ refreshToken: 'R' });
  expect(get).toHaveBeenCalledWith({ publicKey: { ...options, challenge: Uint8Array.of(0) }, mediation: 'conditional', signal });
  const credential = {
    id: 'AQID',
    type: 'public-key',
    rawId: 'AQID',
    clientExtensionResults: {},
    response: { clientDataJSON: 'AQ', authenticatorData: 'Ag', signature: 'Aw', userHandle: 'NDI' },
  };
  expect(asked).toEqual([
    ['POST /api/auth/passkey-sign-in/options', undefined],
    ['POST /api/auth/passkey-sign-in', { ceremony: 'C', credential, deviceName: 'Browser' }],
  ]);
});

test('what the server refuses and what the browser refuses come as they are', async () => {
  const refused = { status: 403, body: { code: 309, detail: 'not known', retryable: false } };
  const options = { challenge: 'AA', rpId: 'service.example' };
  const asked = serve((path) => (path.endsWith('/options') ? { body: { ceremony: 'C', options } } : refused));
  const response = { clientDataJSON: bytes(1), authenticatorData: bytes(2), signature: bytes(3), userHandle: null };
  const { get } = browser(null, { id: 'AQID', type: 'public-key', rawId: bytes(1), response });
  const own = createPasskeys({ url, token: async () => 'T' });

  const failed = await signInWithPasskey({ url }).catch((thrown: unknown) => thrown);
  expect(failed).toBeInstanceOf(ChatError);
  expect((failed as ChatError).code).toBe(309);

  get.mockRejectedValueOnce(new DOMException('given up', 'NotAllowedError'));
  await expect(signInWithPasskey({ url })).rejects.toMatchObject({ name: 'NotAllowedError' });
  get.mockResolvedValueOnce(null);
  await expect(signInWithPasskey({ url })).rejects.toMatchObject({ name: 'NotAllowedError' });

  vi.stubGlobal('PublicKeyCredential', undefined);
  asked.length = 0;
  expect(passkeysWork()).toBe(false);
  await expect(signInWithPasskey({ url })).rejects.toMatchObject({ name: 'NotSupportedError' });
  await expect(own.add({ name: 'Phone', password: 'secret' })).rejects.toMatchObject({ name: 'NotSupportedError' });
  expect(asked, 'nothing is begun that cannot be finished').toEqual([]);
});
