import { expect, test } from 'vitest';
import * as errorCodes from '../src/error-codes.js';
import { type BrowserSubscription, LivePush, type PushRegistration } from '../src/push/push.js';

const key = 'BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8';
const p256dh = 'BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4';
const auth = 'BTBZMqHH6r4Tts7J_aSIgg';
const stored = {
  transport: 'web',
  endpoint: 'https://push.example.net/1',
  content: 'sender',
  createdAt: '2026-01-01T00:00:00+00:00',
  changedAt: '2026-01-02T00:00:00+00:00',
};

const bytes = (text: string) => new Uint8Array(Buffer.from(text, 'base64url')).buffer;

/** A browser that subscribes to any key, and counts. */
class FakeBrowser implements PushRegistration {
  readonly subscribed: string[] = [];
  current: BrowserSubscription | null = null;
  denies = false;

  readonly pushManager = {
    getSubscription: async () => this.current,
    subscribe: async ({
      userVisibleOnly,
      applicationServerKey,
    }: {
      userVisibleOnly: boolean;
      applicationServerKey: Uint8Array<ArrayBuffer>;
    }) => {
      if (this.denies) throw new DOMException('no', 'NotAllowedError');
      expect(userVisibleOnly).toBe(true);
      this.subscribed.push(Buffer.from(applicationServerKey).toString('base64url'));
      this.current = this.subscription(applicationServerKey.buffer);
      return this.current;
    },
  };

  subscription(applicationServerKey: ArrayBuffer): BrowserSubscription {
    return {
      endpoint: `https://push.example.net/${this.subscribed.length}`,
      options: { applicationServerKey },
      getKey: (name) => bytes(name === 'auth' ? auth : p256dh),
      unsubscribe: async () => {
        this.current = null;
        return true;
      },
    };
  }
}

function pushWith(publicKey: string | null, subscription: unknown = null): { push: LivePush; calls: [string, string, unknown][] } {
  const calls: [string, string, unknown][] = [];
  const push = new LivePush(async (method, path, body) => {
    calls.push([method, path, body]);
    return method === 'GET' ? { publicKey, transports: ['web', 'pigeon'], subscription } : method === 'PUT' ? stored : undefined;
  });
  return { push, calls };
}

test('a browser subscribes once, with the key of the service', async () => {
  const browser = new FakeBrowser();
  const { push, calls } = pushWith(key);

  expect(await push.enable({ registration: browser, content: 'sender' })).toEqual(stored);
  await push.enable({ registration: browser });

  expect(browser.subscribed).toEqual([key]);
  const body = { transport: 'web', endpoint: 'https://push.example.net/1', p256dh, auth };
  expect(calls.filter(([method]) => method === 'PUT')).toEqual([
    ['PUT', '/api/push', { ...body, content: 'sender' }],
    ['PUT', '/api/push', { ...body, content: 'full' }],
  ]);
});

test('with another key of the service it subscribes anew', async () => {
  const browser = new FakeBrowser();
  browser.current = browser.subscription(bytes(p256dh));
  await pushWith(key).push.enable({ registration: browser });
  expect(browser.subscribed).toEqual([key]);
});

test('what the person or the service does not want is an error, and nothing is set', async () => {
  const browser = new FakeBrowser();
  browser.denies = true;
  const { push, calls } = pushWith(key);
  await expect(push.enable({ registration: browser })).rejects.toThrow(expect.objectContaining({ name: 'NotAllowedError' }));
  await expect(pushWith(null).push.enable({ registration: browser })).rejects.toMatchObject({
    code: errorCodes.push_transport_off,
    retryable: false,
  });
  expect(calls.map(([method]) => method)).toEqual(['GET']);
});

test('it is ended at the service and in the browser', async () => {
  const browser = new FakeBrowser();
  const { push, calls } = pushWith(key);
  await push.enable({ registration: browser });
  await push.disable({ registration: browser });
  await push.disable({ registration: browser });
  await push.disable();

  expect(browser.current).toBeNull();
  expect(calls.filter(([method]) => method === 'DELETE')).toHaveLength(3);
});

test('the state is read, and names that came later are unknown', async () => {
  expect(await pushWith(null).push.state()).toEqual({ publicKey: null, transports: ['web', 'unknown'], subscription: null });
  const { subscription } = await pushWith(key, { ...stored, content: 'riddle' }).push.state();
  expect(subscription).toEqual({ ...stored, content: 'unknown' });
});
