import { keepPushOwner, pushOwner } from './pushOwner';

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
  if (isOwner) await endSubscription(registration);
}

/** At the browser; the service hears of it with the next push. */
export async function endSubscription({ pushManager }: ServiceWorkerRegistration): Promise<void> {
  const subscription = await pushManager?.getSubscription().catch(() => null);
  await subscription?.unsubscribe().catch(() => undefined); // what it brings is nobody's, and shown as that
}
