import type { Contact, People } from '@chat/sdk';
import { computed, ref, shallowRef } from 'vue';
import { personName } from '../../chat-list/chatText';
import { keepCurrent } from '../../connection/keepCurrent';
import type { Connection } from '../../connection/useConnection';

type Wanted = 'contacts' | 'putContact' | 'removeContact' | 'block' | 'unblock';

/** Whom one keeps: favourites first, each by the name that is shown. What is done on another device is followed. */
export function useContacts(client: Pick<Connection['client'], 'on'>, people: Pick<People, Wanted>, locale: string) {
  const held = shallowRef<readonly Contact[]>([]);
  const query = ref('');
  const { compare } = new Intl.Collator(locale);
  const sorted = computed(() =>
    [...held.value].sort((a, b) => Number(b.favourite) - Number(a.favourite) || compare(personName(a), personName(b))),
  );
  const shown = computed(() => {
    const wanted = query.value.trim().toLocaleLowerCase(locale);
    if (wanted === '') return sorted.value;
    return sorted.value.filter(({ name, ownName }) => `${ownName ?? ''}\n${name}`.toLocaleLowerCase(locale).includes(wanted));
  });
  const { state, refresh } = keepCurrent(
    client,
    async () => {
      held.value = await people.contacts();
    },
    ({ kind }) => kind !== 'profile',
  );
  void refresh();

  /** How they are kept is stored whole: what is not changed is sent as it was. */
  async function put({ principalId, ownName, favourite }: Pick<Contact, 'principalId' | 'ownName' | 'favourite'>): Promise<void> {
    const kept = await people.putContact(principalId, { ...(ownName === null ? {} : { name: ownName }), favourite });
    held.value = [...held.value.filter((one) => one.principalId !== principalId), kept];
  }

  return {
    state,
    refresh,
    query,
    shown,
    count: computed(() => held.value.length),
    has: (principalId: number) => held.value.some((one) => one.principalId === principalId),
    add: (principalId: number) => put({ principalId, ownName: null, favourite: false }),
    /** An empty name is none. */
    rename: (contact: Contact, name: string) => put({ ...contact, ownName: name.trim() || null }),
    setFavourite: (contact: Contact, favourite: boolean) => put({ ...contact, favourite }),
    async remove({ principalId }: Contact): Promise<void> {
      await people.removeContact(principalId);
      held.value = held.value.filter((one) => one.principalId !== principalId);
    },
    async setBlocked({ principalId }: Contact, blocked: boolean): Promise<void> {
      await (blocked ? people.block(principalId) : people.unblock(principalId));
      held.value = held.value.map((one) => (one.principalId === principalId ? { ...one, blocked } : one));
    },
  };
}
