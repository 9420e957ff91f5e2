import type { People, PrivacySettings } from '@chat/sdk';
import { computed, ref, shallowRef } from 'vue';
import { keepCurrent } from '../../connection/keepCurrent';
import type { Connection } from '../../connection/useConnection';

/**
 * What one shows to whom. A change is shown at once, and stored after those before it: what is wished while one is under way goes out together
 * when that is answered. One that is refused is told, and what is stored is shown again.
 */
export function usePrivacy(
  client: Pick<Connection['client'], 'on'>,
  people: Pick<People, 'privacy' | 'updatePrivacy'>,
  onFault: (fault: unknown) => void,
) {
  const stored = shallowRef<PrivacySettings | null>(null);
  const sent = shallowRef<Partial<PrivacySettings>>({});
  const waiting = shallowRef<Partial<PrivacySettings>>({});
  const privacy = computed<PrivacySettings | null>(() => stored.value && { ...stored.value, ...sent.value, ...waiting.value });
  const busy = ref(false);
  let running: Promise<void> | null = null;
  let answers = 0;
  const { state, refresh } = keepCurrent(
    client,
    async () => {
      const before = answers;
      const found = await people.privacy();
      if (answers === before) stored.value = found;
      else void refresh(); // it may be older than what a change was answered meanwhile
    },
    ({ kind }) => kind === 'profile',
  );
  void refresh();

  async function store(): Promise<void> {
    busy.value = true;
    let isUnsure = false;
    while (Object.keys(waiting.value).length > 0) {
      sent.value = waiting.value;
      waiting.value = {};
      try {
        stored.value = await people.updatePrivacy(sent.value);
      } catch (fault) {
        onFault(fault);
        isUnsure = true;
      } finally {
        answers++;
        sent.value = {};
      }
    }
    busy.value = false;
    if (isUnsure) void refresh(); // what was refused may have been stored
  }

  /** Done when this and all that was wished before it is answered. */
  function change(wish: Partial<PrivacySettings>): Promise<void> {
    waiting.value = { ...waiting.value, ...wish };
    running ??= store().finally(() => {
      running = null;
    });
    return running;
  }
  return { privacy, state, busy, refresh, change };
}
