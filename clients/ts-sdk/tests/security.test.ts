import { afterEach, expect, test, vi } from 'vitest';
import { createSecurity, forgotPassword, resetPassword } from '../src/account/security.js';
import { signIn } from '../src/account/session.js';
import { ChatError } from '../src/errors.js';

interface Call {
  method: string;
  path: string;
  body: unknown;
  authorization: string | null;
}

afterEach(() => vi.unstubAllGlobals());

function serve(answer: (call: Call) => { status?: number; body?: unknown }): Call[] {
  const calls: Call[] = [];
  vi.stubGlobal('fetch', async (url: URL, init: RequestInit) => {
    const headers = new Headers(init.headers);
    const call = {
      method: init.method ?? 'GET',
      path: url.pathname,
      body: typeof init.body === 'string' ? (JSON.parse(init.body) as unknown) : undefined,
      authorization: headers.get('authorization'),
    };
    calls.push(call);
    const { status = 200, body } = answer(call);
    return new Response(body === undefined ? null : JSON.stringify(body), { status: body === undefined ? 204 : status });
  });
  return calls;
}

const url = 'http://service.example';
const security = () => createSecurity({ url, token: async () => 'T' });

test('an address is verified by a code that is sent there', async () => {
  const calls = serve(({ path }) => (path.endsWith('/verification') ? { body: { to: 'a…@example.org' } } : {}));

  expect(await security().sendVerification('email')).toBe('a…@example.org');
  await security().confirmVerification('email', '1234 5678');

  expect(calls).toEqual([
    { method: 'POST', path: '/api/auth/verification', body: { channel: 'email' }, authorization: 'Bearer T' },
    { method: 'POST', path: '/api/auth/verification/confirm', body: { channel: 'email', code: '1234 5678' }, authorization: 'Bearer T' },
  ]);
});

test('a second step is set up, looked at, renewed and taken away', async () => {
  const codes = ['aaaa-bbbb-cccc'];
  const calls = serve(({ method, path }) => {
    if (method === 'GET') return { body: { enabled: true, recoveryCodesLeft: 9 } };
    if (path.endsWith('/two-step')) return { body: { secret: 'GEZD', uri: 'otpauth://totp/x' } };
    return path.endsWith('/remove') ? {} : { body: { recoveryCodes: codes } };
  });
  const own = security();

  expect(await own.beginTwoStep('secret')).toEqual({ secret: 'GEZD', uri: 'otpauth://totp/x' });
  expect(await own.confirmTwoStep('287082')).toEqual(codes);
  expect(await own.twoStep()).toEqual({ enabled: true, recoveryCodesLeft: 9 });
  expect(await own.renewRecoveryCodes('secret', '287082')).toEqual(codes);
  await own.removeTwoStep('secret', 'aaaa-bbbb-cccc');

  expect(calls.map(({ path, body }) => [path.slice('/api/auth/'.length), body])).toEqual([
    ['two-step', { password: 'secret' }],
    ['two-step/confirm', { code: '287082' }],
    ['two-step', undefined],
    ['two-step/recovery-codes', { password: 'secret', code: '287082' }],
    ['two-step/remove', { password: 'secret', code: 'aaaa-bbbb-cccc' }],
  ]);
});

test('a forgotten password is replaced without a token', async () => {
  const calls = serve(() => ({}));

  await forgotPassword({ url, login: 'ada@example.org' });
  await resetPassword({ url, login: 'ada@example.org', code: '12345678', newPassword: 'battery horse' });

  expect(calls).toEqual([
    { method: 'POST', path: '/api/auth/password/forgot', body: { login: 'ada@example.org' }, authorization: null },
    {
      method: 'POST',
      path: '/api/auth/password/reset',
      body: { login: 'ada@example.org', code: '12345678', newPassword: 'battery horse' },
      authorization: null,
    },
  ]);
});

test('a sign-in hands the code of the second step on, and says when one is asked for', async () => {
  const refused = { status: 401, body: { code: 305, detail: 'a code is needed', retryable: false } };
  const calls = serve(() => refused);

  const failed = await signIn({ url, login: 'ada', password: 'p', code: '287082' }).catch((thrown: unknown) => thrown);

  expect(failed).toBeInstanceOf(ChatError);
  expect((failed as ChatError).code).toBe(305);
  expect(calls[0]?.body).toEqual({ login: 'ada', password: 'p', code: '287082' });
});
