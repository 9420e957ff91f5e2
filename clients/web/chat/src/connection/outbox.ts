import type { OfflineOutbox } from '@chat/sdk/offline';

let make: ((options: { principalId: number }) => OfflineOutbox) | undefined;

/** Comes beside the first load. Where it cannot be had, what waits to be sent ends with the page. */
export async function loadOutbox(): Promise<void> {
  make ??= await import('@chat/sdk/offline').then(
    ({ indexedDbOutbox }) => indexedDbOutbox,
    () => undefined,
  );
}

export function outboxOf(principalId: number): OfflineOutbox | undefined {
  return make?.({ principalId });
}
