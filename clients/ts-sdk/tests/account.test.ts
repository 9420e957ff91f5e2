import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import * as errorCodes from '../src/error-codes.js';
import { ChatError, localStorageStore, memoryStore, register, restoreSession, signIn } from '../src/index.js';
import * as localErrors from '../src/local-errors.js';

interface Call {
  readonly method: string;
  readonly path: string;
  readonly body: Record<string, unknown> | null;
  readonly authorization: string | undefined;
}

const calls: Call[] = [];
let answer: (call: Call) => [status: number, body: unknown];
let issued = 0;
let principalId = 12;
let lifetimeMs = 3_600_000;
let url = '';
let stop: () => void = () => {};

function tokens(): unknown {
  issued++;
  return {
    success: true,
    message: 'Signed in.',
    data: {
      user: { principalId, name: 'Anna' },
      token: `access-${issued}`,
      tokenType: 'Bearer',
      expiresAt: new Date(Date.now() + lifetimeMs).toISOString(),
      refreshToken: `refresh-${issued}`,
      refreshExpiresAt: new Date(Date.now() + 10 * lifetimeMs).toISOString(),
      deviceId: 3,
    },
  };
}

function problem(status: number, code: number, more: object = {}): [number, unknown] {
  return [
    status,
    { type: '/docs/errors#x', title: 't', status, detail: 'what was wrong', code, name: 'x', retryable: false, requestId: 'r-1', ...more },
  ];
}

async function bodyOf(request: IncomingMessage): Promise<Record<string, unknown> | null> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text === '' ? null : (JSON.parse(text) as Record<string, unknown>);
}

beforeEach(async () => {
  calls.length = 0;
  issued = 0;
  principalId = 12;
  lifetimeMs = 3_600_000;
  answer = ({ path }) => (path.startsWith('/api/auth/logout') ? [204, null] : [200, tokens()]);
  const server = createServer(async (request, response) => {
    const call = {
      method: request.method ?? '',
      path: request.url ?? '',
      body: await bodyOf(request),
      authorization: request.headers.authorization,
    };
    calls.push(call);
    const [status, body] = answer(call);
    if (status === 0) return; // says nothing
    response.writeHead(status, { 'content-type': 'application/json' }).end(body === null ? undefined : JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  stop = () => server.close();
});

afterEach(() => stop());

const login = { login: 'anna@example.com', password: 'secret' };

test('signing in gives a session that keeps its token while it is fresh', async () => {
  const session = await signIn({ url, ...login, deviceName: 'test' });
  expect(session).toMatchObject({ principalId: 12, name: 'Anna' });
  expect(await session.token('connect')).toBe('access-1');
  expect(calls).toEqual([{ method: 'POST', path: '/api/auth/login', body: { ...login, deviceName: 'test' }, authorization: undefined }]);
});

test('what is not given is not sent', async () => {
  await register({ url, name: 'Anna', email: 'anna@example.com', password: 'secret', store: memoryStore() });
  expect(calls[0]).toMatchObject({ path: '/api/auth/register', body: { name: 'Anna', email: 'anna@example.com', password: 'secret' } });
});

describe('refreshing', () => {
  test('happens by itself before the token ends, once for many who ask', async () => {
    lifetimeMs = 20_000;
    const session = await signIn({ url, ...login });
    lifetimeMs = 3_600_000;
    expect(await Promise.all([session.token('connect'), session.token('connect'), session.token('expiring')])).toEqual(
      Array(3).fill('access-2'),
    );
    expect(calls.slice(1)).toMatchObject([{ path: '/api/auth/refresh', body: { refreshToken: 'refresh-1' } }]);
    expect(await session.token('connect')).toBe('access-2');
  });

  test.each(['expiring', 'expired', 'rejected'] as const)('%s gets a new token whatever the old one looks like', async (why) => {
    const session = await signIn({ url, ...login });
    expect(await session.token(why)).toBe('access-2');
  });

  test('takes the token that another tab has fetched', async () => {
    const store = memoryStore();
    const first = await signIn({ url, ...login, store });
    const second = await restoreSession({ url, store });
    expect(await first.token('expired')).toBe('access-2');
    expect(await second?.token('expired')).toBe('access-2');
    expect(calls.filter((call) => call.path === '/api/auth/refresh')).toHaveLength(1);
  });

  test('that is refused for good ends the session and empties the store', async () => {
    const store = memoryStore();
    const session = await signIn({ url, ...login, store });
    answer = () => problem(401, 303);
    await expect(session.token('expired')).rejects.toMatchObject({ code: errorCodes.refresh_token_invalid, retryable: false });
    expect(await store.load()).toBeNull();
    await expect(session.token('connect')).rejects.toMatchObject({ code: errorCodes.sign_in_required });
  });

  test('of an account that was blocked ends the session as one that is refused for good', async () => {
    const store = memoryStore();
    const session = await signIn({ url, ...login, store });
    answer = () => problem(403, 308);
    await expect(session.token('expired')).rejects.toMatchObject({ code: errorCodes.account_blocked, retryable: false });
    expect(await store.load()).toBeNull();
    await expect(session.token('connect')).rejects.toMatchObject({ code: errorCodes.sign_in_required });
  });

  test('that fails on the way can be tried again', async () => {
    const session = await signIn({ url, ...login });
    answer = () => problem(503, 402, { retryable: true, retryAfterMs: 700 });
    await expect(session.token('expired')).rejects.toMatchObject({ code: errorCodes.unavailable, retryable: true, retryAfterMs: 700 });
    answer = () => [200, tokens()];
    expect(await session.token('expired')).toBe('access-2');
  });
});

describe('a store that others write to', () => {
  test('is left to an account that has signed in there meanwhile', async () => {
    const store = memoryStore();
    const first = await signIn({ url, ...login, store });
    principalId = 13;
    await signIn({ url, ...login, store });
    principalId = 12;
    expect(await first.token('expired')).toBe('access-3');
    expect(await store.load()).toMatchObject({ principalId: 13, refreshToken: 'refresh-2' });
    await first.signOut();
    expect(await store.load()).toMatchObject({ principalId: 13, refreshToken: 'refresh-2' });
  });

  test('is not emptied by a refusal that another account has nothing to do with', async () => {
    const store = memoryStore();
    const first = await signIn({ url, ...login, store });
    principalId = 13;
    await signIn({ url, ...login, store });
    answer = () => problem(401, 303);
    await expect(first.token('expired')).rejects.toMatchObject({ code: errorCodes.refresh_token_invalid });
    expect(await store.load()).toMatchObject({ principalId: 13 });
  });

  test('gives the token that another tab has fetched while this one was refused', async () => {
    const store = memoryStore();
    const session = await signIn({ url, ...login, store });
    const stored = await store.load();
    answer = () => {
      if (stored !== null) void store.save({ ...stored, accessToken: 'access-9', refreshToken: 'refresh-9' });
      return problem(401, 303);
    };
    expect(await session.token('expired')).toBe('access-9');
    expect(await store.load()).toMatchObject({ refreshToken: 'refresh-9' });
  });

  test('is not filled again by a refresh that ends after a sign-out there', async () => {
    const store = memoryStore();
    const session = await signIn({ url, ...login, store });
    answer = () => {
      void store.clear();
      return [200, tokens()];
    };
    await session.token('expired');
    expect(await store.load()).toBeNull();
  });
});

test.each([
  ['signOut', '/api/auth/logout'],
  ['signOutEverywhere', '/api/auth/logout-everywhere'],
] as const)('%s tells the server and forgets', async (method, path) => {
  const store = memoryStore();
  const session = await signIn({ url, ...login, store });
  await session[method]();
  expect(calls.at(-1)).toMatchObject({ method: 'POST', path, authorization: 'Bearer access-1' });
  expect(await restoreSession({ url, store })).toBeNull();
});

describe('failures', () => {
  test('carry code, name, request id and help', async () => {
    answer = () => problem(401, 301);
    const failure = await signIn({ url, ...login }).catch((thrown: unknown) => thrown);
    expect(failure).toBeInstanceOf(ChatError);
    expect(failure).toMatchObject({
      code: errorCodes.sign_in_failed,
      message: 'what was wrong',
      requestId: 'r-1',
      helpUrl: '/docs/errors#301',
    });
  });

  test('an answer that is not ours is said to be that', async () => {
    answer = () => [200, { hello: 1 }];
    await expect(signIn({ url, ...login })).rejects.toMatchObject({ code: localErrors.malformed_answer });
    answer = () => [502, 'bad gateway'];
    await expect(signIn({ url, ...login })).rejects.toMatchObject({ code: localErrors.malformed_answer, retryable: true });
  });

  test('a server that says nothing is given up after 15 s, retryable', async () => {
    const timeout = AbortSignal.timeout.bind(AbortSignal);
    const asked = vi.spyOn(AbortSignal, 'timeout').mockImplementation(() => timeout(20));
    answer = () => [0, null];
    await expect(signIn({ url, ...login })).rejects.toMatchObject({ code: localErrors.network, retryable: true });
    expect(asked).toHaveBeenCalledWith(15_000);
    asked.mockRestore();
  });

  test('no server is a retryable network error', async () => {
    await expect(signIn({ url: 'http://127.0.0.1:1', ...login })).rejects.toMatchObject({ code: localErrors.network, retryable: true });
  });
});

test('the local storage store takes only what it wrote', async () => {
  const held = new Map<string, string>();
  const storage = {
    getItem: (key: string) => held.get(key) ?? null,
    setItem: (key: string, text: string) => held.set(key, text),
    removeItem: (key: string) => held.delete(key),
  };
  Object.defineProperty(globalThis, 'localStorage', { value: storage, configurable: true });
  const store = localStorageStore('chat');
  await signIn({ url, ...login, store });
  expect(await store.load()).toMatchObject({ principalId: 12, refreshToken: 'refresh-1' });
  for (const foreign of ['{', 'null', '{}', '[]', '{"refreshToken":1}']) {
    held.set('chat', foreign);
    expect(await store.load()).toBeNull();
  }
  Reflect.deleteProperty(globalThis, 'localStorage');
});
