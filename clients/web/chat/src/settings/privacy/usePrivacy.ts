import type { People, PrivacySettings } from '@chat/sdk';
import { onScopeDispose, ref, shallowRef } from 'vue';
import { keepCurrent } from '../../connection/keepCurrent';
import type { Connection } from '../../connection/useConnection';

/** What one shows to whom. A change is stored at once, and shown as it is stored: after a fault as it was. */
export function usePrivacy(
  client: Pick<Connection['client'], 'on'>,
  people: Pick<People, 'privacy' | 'updatePrivacy'>,
  onFault: (fault: unknown) => void,
) {
  const privacy = shallowRef<PrivacySettings | null>(null);
  const busy = ref(false);
  const { state, refresh } = keepCurrent(client, async () => {
    privacy.value = await people.privacy();
  });
  onScopeDispose(
    client.on('people', ({ kind }) => {
      if (kind === 'profile') void refresh();
    }),
  );
  void refresh();

  async function change(wish: Partial<PrivacySettings>): Promise<void> {
    if (busy.value || privacy.value === null) return;
    busy.value = true;
    const before = privacy.value;
    privacy.value = { ...before, ...wish };
    try {
      privacy.value = await people.updatePrivacy(wish);
    } catch (fault) {
      privacy.value = before;
      onFault(fault);
      void refresh(); // it may have been stored
    } finally {
      busy.value = false;
    }
  }
  return { privacy, state, busy, refresh, change };
}
