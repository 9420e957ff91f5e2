import { keepForWorker, keptForWorker } from './workerKept';

const Place = '/push-owner';

/**
 * Whose notifications this browser shows: one subscription is all that it has. Null: nobody's, so that what is still pushed, because the service
 * did not hear of a sign-out, says nothing.
 */
export async function pushOwner(): Promise<number | null> {
  const kept = Number((await keptForWorker(Place)) || Number.NaN);
  return Number.isSafeInteger(kept) ? kept : null;
}

export async function keepPushOwner(principalId: number | null): Promise<void> {
  await keepForWorker(Place, principalId === null ? null : String(principalId));
}
