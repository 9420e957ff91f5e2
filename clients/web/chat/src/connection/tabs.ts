import type { SharedConnection } from '@chat/sdk/tabs';

let share: ((options: { url: string; device: string }) => SharedConnection) | undefined;

/** Comes beside the first load. Where it cannot be had, this tab has a connection of its own. */
export async function loadTabs(): Promise<void> {
  share ??= await import('@chat/sdk/tabs').then(
    ({ shareConnection }) => shareConnection,
    () => undefined,
  );
}

/** The connection that this tab has with the others of the same signed-in device. */
export function sharedConnection(device: string | null): SharedConnection | undefined {
  return device === null ? undefined : share?.({ url: location.origin, device });
}
