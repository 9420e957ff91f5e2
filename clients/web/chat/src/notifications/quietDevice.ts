import { keepPushOwner, pushOwner } from './pushOwner';
import { inPushTurn } from './pushTurn';

/**
 * An account is no more on this device, or is not to be told here: nothing of it is shown any more, whatever the service hears of it. At last the
 * browser ends the subscription, which may wait for its push service.
 */
export async function quietDevice(principalId: number): Promise<void> {
  const isOwner = (await pushOwner()) === principalId;
  if (isOwner) await keepPushOwner(null);
  const registration = await navigator.serviceWorker?.getRegistration().catch(() => undefined);
  if (!registration) return;
  for (const shown of await registration.getNotifications()) if ((shown.data?.owner ?? principalId) === principalId) shown.close();
  await inPushTurn(async () => {
    const owner = await pushOwner();
    if (owner !== principalId && !(isOwner && owner === null)) return; // it is another account's by now, or was before
    await keepPushOwner(null); // a page of theirs that was just starting may have taken it again
    await endSubscription(registration);
  });
}

/** At the browser; the service hears of it with the next push. */
export async function endSubscription({ pushManager }: ServiceWorkerRegistration): Promise<void> {
  const subscription = await pushManager?.getSubscription().catch(() => null);
  await subscription?.unsubscribe().catch(() => undefined); // what it brings is nobody's, and shown as that
}
