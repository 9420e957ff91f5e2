import type { People, SignedInDevice } from '@chat/sdk';
import { computed, shallowRef } from 'vue';
import { keepCurrent } from '../../connection/keepCurrent';
import type { Connection } from '../../connection/useConnection';

/** Where one is signed in. Nobody tells of a new device: the list is of when it was asked for. */
export function useDeviceList(client: Pick<Connection['client'], 'on'>, people: Pick<People, 'devices' | 'signOutDevice'>) {
  const devices = shallowRef<readonly SignedInDevice[]>([]);
  const { state, refresh } = keepCurrent(client, async () => {
    devices.value = await people.devices();
  });
  void refresh();

  async function signOut(deviceId: number): Promise<void> {
    await people.signOutDevice(deviceId);
    devices.value = devices.value.filter((one) => one.deviceId !== deviceId);
  }

  return {
    state,
    refresh,
    here: computed(() => devices.value.find(({ current }) => current) ?? null),
    /** The one that was used last comes first. */
    others: computed(() =>
      devices.value.filter(({ current }) => !current).sort((a, b) => Date.parse(b.lastUsedAt) - Date.parse(a.lastUsedAt)),
    ),
    signOut,
    /** As they are now, so that one that came meanwhile does not stay. Throws at the first that could not be signed out. */
    async signOutOthers(): Promise<void> {
      devices.value = await people.devices();
      for (const { deviceId, current } of devices.value) if (!current) await signOut(deviceId);
    },
  };
}
