import type { Contact, People, StatusAudience, Statuses } from '@chat/sdk';
import { ref, shallowRef } from 'vue';

/** For whom one's next statuses are, and the contacts that may be named for it. */
export function useStatusPrivacy(statuses: Pick<Statuses, 'privacy' | 'setPrivacy'>, people: Pick<People, 'contacts'>) {
  const state = ref<'loading' | 'ready' | 'failed'>('loading');
  /** Null where it is one that this page does not know, until another is chosen. */
  const audience = ref<StatusAudience | null>(null);
  const isUnknown = ref(false);
  const contacts = shallowRef<readonly Contact[]>([]);
  const chosen = ref<Set<number>>(new Set());
  const busy = ref(false);

  async function load(): Promise<void> {
    state.value = 'loading';
    try {
      const [now, all] = await Promise.all([statuses.privacy(), people.contacts()]);
      isUnknown.value = now.audience === 'unknown';
      audience.value = now.audience === 'unknown' ? null : now.audience;
      chosen.value = new Set(now.people);
      contacts.value = all;
      state.value = 'ready';
    } catch {
      state.value = 'failed'; // said where the choice would stand, with a button to try again
    }
  }

  async function save(): Promise<void> {
    if (audience.value === null || busy.value) return;
    busy.value = true;
    try {
      await statuses.setPrivacy({ audience: audience.value, people: audience.value === 'contacts' ? [] : [...chosen.value] });
    } finally {
      busy.value = false;
    }
  }

  void load();
  return { state, audience, isUnknown, contacts, chosen, busy, load, save };
}
