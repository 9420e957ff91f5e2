import { ChatError, errorCodes, type Push, type PushContent } from '@chat/sdk';

/** How far notifications reach this device. */
export type Reach =
  /** Also while the page is closed. */
  | 'always'
  /** While the page is open: the service pushes to no browser, or the browser's own push service cannot be had. */
  | 'open';

/** Has this browser pushed to, or changes what a notification may say. What only narrows how far it reaches is no fault; the rest is thrown. */
export async function reachDevice(push: Push, registration: ServiceWorkerRegistration, content: PushContent): Promise<Reach> {
  try {
    await push.enable({ registration, content });
    return 'always';
  } catch (fault) {
    if (fault instanceof ChatError && fault.code === errorCodes.push_transport_off) return 'open';
    if (fault instanceof DOMException && fault.name !== 'NotAllowedError') return 'open'; // AbortError: no push service
    throw fault;
  }
}

/** The same for one that had it: where the service or the browser has another subscription, or none any more, it is made anew. */
export async function renewReach(push: Push, registration: ServiceWorkerRegistration, content: PushContent): Promise<Reach> {
  const { publicKey, subscription } = await push.state();
  if (publicKey === null) return 'open';
  const own = await registration.pushManager.getSubscription();
  const isSame = own !== null && subscription?.endpoint === own.endpoint && subscription.content === content;
  return isSame ? 'always' : reachDevice(push, registration, content);
}
