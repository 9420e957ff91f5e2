import type { BlockedPerson, People } from '@chat/sdk';
import { ref, shallowRef } from 'vue';
import { keepCurrent } from '../../connection/keepCurrent';
import type { Connection } from '../../connection/useConnection';

/** Whom one has blocked, on whichever device that was done; who was blocked last comes first. */
export function useBlocks(client: Pick<Connection['client'], 'on'>, people: Pick<People, 'blocks' | 'unblock'>) {
  const blocked = shallowRef<readonly BlockedPerson[]>([]);
  /** Who is being unblocked; null for nobody. */
  const busyWith = ref<number | null>(null);
  const { state, refresh } = keepCurrent(
    client,
    async () => {
      blocked.value = (await people.blocks()).sort((a, b) => Date.parse(b.blockedAt) - Date.parse(a.blockedAt));
    },
    ({ kind }) => kind === 'block',
  );
  void refresh();

  async function unblock(principalId: number): Promise<void> {
    if (busyWith.value !== null) return;
    busyWith.value = principalId;
    try {
      await people.unblock(principalId);
      blocked.value = blocked.value.filter((one) => one.principalId !== principalId);
    } finally {
      busyWith.value = null;
    }
  }
  return { blocked, busyWith, state, refresh, unblock };
}
