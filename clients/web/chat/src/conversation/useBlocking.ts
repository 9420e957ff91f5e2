import type { People } from '@chat/sdk';
import { ref } from 'vue';
import { keepCurrent } from '../connection/keepCurrent';
import type { Connection } from '../connection/useConnection';

/** Whether one has blocked a person, on whichever device that was done. `null` until it is known. */
export function useBlocking(
  principalId: number,
  client: Pick<Connection['client'], 'on'>,
  people: Pick<People, 'blocks' | 'block' | 'unblock'>,
  onFault: (fault: unknown) => void,
) {
  const blocked = ref<boolean | null>(null);
  const busy = ref(false);
  const { refresh } = keepCurrent(
    client,
    async () => {
      blocked.value = (await people.blocks()).some((one) => one.principalId === principalId);
    },
    (told) => told.kind === 'block' && told.principalId === principalId,
  );
  void refresh();

  async function set(on: boolean): Promise<void> {
    if (busy.value) return;
    busy.value = true;
    try {
      await (on ? people.block(principalId) : people.unblock(principalId));
      blocked.value = on;
    } catch (fault) {
      onFault(fault);
      void refresh(); // it may be done
    } finally {
      busy.value = false;
    }
  }
  return { blocked, busy, set };
}
