import { ChatError, errorCodes, type Push, type PushContent } from '@chat/sdk';
import { keepPushOwner, pushOwner } from './pushOwner';
import { inPushTurn } from './pushTurn';
import { endSubscription, quietDevice } from './quietDevice';

/** How far notifications reach this device. */
export type Reach =
  /** Also while the page is closed. */
  | 'always'
  /** While the page is open: the service pushes to no browser, or the browser's own push service cannot be had. */
  | 'open'
  /** While the page is open: what is pushed to this browser is another account's, which is signed in here too. */
  | 'other';

/**
 * Has this browser pushed to for an account from now on, and for no other one, or changes what a notification may say. What only narrows how far
 * it reaches is no fault; the rest is thrown.
 */
export function reachDevice(...on: Parameters<typeof take>): Promise<Reach> {
  return inPushTurn(() => take(...on));
}

async function take(push: Push, registration: ServiceWorkerRegistration, meId: number, content: PushContent): Promise<Reach> {
  const before = await pushOwner();
  await keepPushOwner(meId);
  // What comes by the subscription of before is the other account's, until the service knows better.
  if (before !== null && before !== meId) await endSubscription(registration);
  try {
    await push.enable({ registration, content });
    return 'always';
  } catch (fault) {
    if (fault instanceof ChatError && fault.code === errorCodes.push_transport_off) return 'open';
    if (fault instanceof DOMException && fault.name !== 'NotAllowedError') return 'open'; // AbortError: no push service
    throw fault;
  }
}

/**
 * The same for one that had it: where the service or the browser has another subscription, or none any more, it is made anew. Not where another
 * account has it meanwhile; that is the person's to say.
 */
export function renewReach(...on: Parameters<typeof take>): Promise<Reach> {
  return inPushTurn(() => renew(...on));
}

async function renew(push: Push, registration: ServiceWorkerRegistration, meId: number, content: PushContent): Promise<Reach> {
  const owner = await pushOwner();
  if (owner !== null && owner !== meId) return 'other';
  if (owner === null) await keepPushOwner(meId);
  const { publicKey, subscription } = await push.state();
  if (publicKey === null) return 'open';
  const own = await registration.pushManager.getSubscription();
  const isSame = own !== null && subscription?.endpoint === own.endpoint && subscription.content === content;
  return isSame ? 'always' : take(push, registration, meId, content);
}

/** Here first, where it holds at once; the service is told as well as one can: what it still pushes reaches nobody. */
export async function leaveDevice(push: Push, meId: number): Promise<void> {
  await quietDevice(meId);
  await push.disable().catch(() => undefined);
}
