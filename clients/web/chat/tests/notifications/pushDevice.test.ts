import { ChatError, errorCodes, type Push, type PushState } from '@chat/sdk';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { leaveDevice, reachDevice, renewReach } from '../../src/notifications/pushDevice';
import { keepPushOwner, pushOwner } from '../../src/notifications/pushOwner';
import { quietDevice } from '../../src/notifications/quietDevice';
import { stubDevice } from './stubDevice';

beforeEach(() => stubDevice());
afterEach(() => vi.unstubAllGlobals());

const subscription = {
  transport: 'web' as const,
  endpoint: 'https://push.example/1',
  content: 'full' as const,
  createdAt: '',
  changedAt: '',
};

interface Held {
  readonly enable: Push['enable'];
  readonly state: Pick<PushState, 'publicKey' | 'subscription'>;
}

function pushOf({ enable = async () => subscription, state = { publicKey: 'key', subscription } }: Partial<Held> = {}) {
  return {
    enable: vi.fn<Push['enable']>(enable),
    disable: vi.fn(async () => undefined),
    state: vi.fn<Push['state']>(async () => ({ transports: [], ...state })),
  };
}

const browser = (endpoint: string | null) =>
  ({ pushManager: { getSubscription: async () => (endpoint === null ? null : { endpoint }) } }) as unknown as ServiceWorkerRegistration;
const failing = (fault: unknown) => pushOf({ enable: () => Promise.reject(fault) });

it('reaches the device always, or while the page is open where nobody can push to it', async () => {
  expect(await reachDevice(pushOf(), browser(null), 1, 'full')).toBe('always');
  expect(await reachDevice(failing(new ChatError(errorCodes.push_transport_off, 'off')), browser(null), 1, 'full')).toBe('open');
  expect(await reachDevice(failing(new DOMException('no push service', 'AbortError')), browser(null), 1, 'full')).toBe('open');
  const refused = new DOMException('no', 'NotAllowedError');
  await expect(reachDevice(failing(refused), browser(null), 1, 'full')).rejects.toBe(refused);
  const busy = new ChatError(errorCodes.rate_limited, 'later', { retryable: true });
  await expect(reachDevice(failing(busy), browser(null), 1, 'full')).rejects.toBe(busy);
});

it('makes a subscription anew only where it is another one, is gone, or may say something else', async () => {
  const asked = async (push: ReturnType<typeof pushOf>, endpoint: string | null, content: 'full' | 'none' = 'full') => [
    await renewReach(push, browser(endpoint), 1, content),
    push.enable.mock.calls.length,
  ];
  expect(await asked(pushOf(), subscription.endpoint)).toEqual(['always', 0]);
  expect(await asked(pushOf(), 'https://push.example/2')).toEqual(['always', 1]);
  expect(await asked(pushOf(), null)).toEqual(['always', 1]);
  expect(await asked(pushOf(), subscription.endpoint, 'none')).toEqual(['always', 1]);
  const signedInAnew = pushOf({ state: { publicKey: 'key', subscription: null } });
  expect(await asked(signedInAnew, subscription.endpoint)).toEqual(['always', 1]);
  const off = pushOf({ state: { publicKey: null, subscription: null } });
  expect(await asked(off, null)).toEqual(['open', 0]);
});

it('is had by one account of a browser: by who turns it on, and not by each that is opened', async () => {
  const { unsubscribe, registration } = stubDevice();
  await reachDevice(pushOf(), registration, 1, 'full');
  const push = pushOf();
  expect(await renewReach(push, registration, 2, 'full')).toBe('other');
  expect([push.enable.mock.calls.length, push.state.mock.calls.length, await pushOwner()]).toEqual([0, 0, 1]);
  expect(await reachDevice(push, registration, 2, 'full')).toBe('always');
  expect([unsubscribe.mock.calls.length, await pushOwner()]).toEqual([1, 2]);
});

it('is left at once, though the service cannot be told', async () => {
  const { unsubscribe, shown } = stubDevice();
  await keepPushOwner(1);
  const push = pushOf();
  push.disable.mockRejectedValue(new TypeError('offline'));
  await leaveDevice(push, 1);
  expect([unsubscribe.mock.calls.length, await pushOwner(), push.disable.mock.calls.length]).toEqual([1, null, 1]);
  expect(shown.map(({ close }) => close.mock.calls.length)).toEqual([1, 0, 1]);
});

it('leaves another account’s alone', async () => {
  const { unsubscribe } = stubDevice();
  await keepPushOwner(2);
  await leaveDevice(pushOf(), 1);
  expect([unsubscribe.mock.calls.length, await pushOwner()]).toEqual([0, 2]);
});

it('who signs in while the one before is being taken away keeps a subscription of their own', async () => {
  const { unsubscribe, registration } = stubDevice();
  await keepPushOwner(1);
  let ended: () => void = () => undefined;
  unsubscribe.mockImplementationOnce(() => new Promise<boolean>((resolve) => (ended = () => resolve(true))));
  const leaving = quietDevice(1);
  await vi.waitFor(() => expect(unsubscribe).toHaveBeenCalledOnce());
  expect(await pushOwner()).toBeNull(); // that holds at once
  const push = pushOf({ state: { publicKey: 'key', subscription: null } });
  const coming = renewReach(push, registration, 2, 'full');
  await new Promise((resolve) => setTimeout(resolve));
  expect(push.enable).not.toHaveBeenCalled();
  ended();
  await leaving;
  expect([await coming, unsubscribe.mock.calls.length, await pushOwner()]).toEqual(['always', 1, 2]);
});

it('a page that was just starting does not take it again for who has signed out', async () => {
  const { unsubscribe, registration } = stubDevice();
  await keepPushOwner(1);
  let answered: () => void = () => undefined;
  const push = pushOf();
  push.state.mockImplementationOnce(async () => {
    await new Promise<void>((resolve) => (answered = resolve));
    return { publicKey: 'key', transports: [], subscription: null };
  });
  const starting = renewReach(push, registration, 1, 'full');
  await vi.waitFor(() => expect(push.state).toHaveBeenCalledOnce());
  const leaving = quietDevice(1);
  await vi.waitFor(async () => expect(await pushOwner()).toBeNull());
  answered();
  await Promise.all([starting, leaving]);
  expect([unsubscribe.mock.calls.length, await pushOwner()]).toEqual([1, null]);
});
