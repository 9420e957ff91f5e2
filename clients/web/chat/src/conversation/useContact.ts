import type { Contact, People } from '@chat/sdk';
import { onScopeDispose, ref, shallowRef } from 'vue';
import { useConnection } from '../connection/useConnection';
import { useErrors } from '../connection/useErrors';

/** Whether one keeps a person as a contact, on whichever device that was said. */
export function useContact(principalId: number, people: Pick<People, 'findContact' | 'putContact' | 'removeContact'>) {
  const { client } = useConnection();
  const { toast } = useErrors();
  const contact = shallowRef<Contact | null>(null);
  /** It was asked for: null means that they are none. */
  const known = ref(false);
  const busy = ref(false);
  let left = false;

  async function load(): Promise<void> {
    try {
      const found = await people.findContact(principalId);
      if (left) return;
      contact.value = found;
      known.value = true;
    } catch (fault) {
      if (!left) toast(fault);
    }
  }

  async function keep(on: boolean): Promise<void> {
    if (busy.value) return;
    busy.value = true;
    try {
      if (on) contact.value = await people.putContact(principalId);
      else {
        await people.removeContact(principalId);
        contact.value = null;
      }
    } catch (fault) {
      toast(fault);
      await load(); // the box shows what is so
    } finally {
      busy.value = false;
    }
  }

  const stop = client.on('people', (change) => {
    if (change.kind === 'contact' && change.principalId === principalId) void load();
  });
  onScopeDispose(() => {
    left = true;
    stop();
  });
  void load();
  return { contact, known, busy, keep };
}
