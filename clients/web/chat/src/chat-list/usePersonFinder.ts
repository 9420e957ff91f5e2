import { createPeople } from '@chat/sdk';
import { type Ref, ref } from 'vue';
import { useI18n } from 'vue-i18n';
import { useConnection } from '../connection/useConnection';
import { useErrors } from '../connection/useErrors';

export interface Person {
  readonly principalId: number;
  readonly name: string;
}

/** Finds one person by exact e-mail or phone. `error` says why there is nobody. */
export function usePersonFinder(): {
  login: Ref<string>;
  busy: Ref<boolean>;
  error: Ref<string>;
  find: () => Promise<Person | null>;
} {
  const { t } = useI18n();
  const { server, meId } = useConnection();
  const { textOf } = useErrors();
  const login = ref('');
  const busy = ref(false);
  const error = ref('');

  async function find(): Promise<Person | null> {
    const wanted = login.value.trim();
    if (wanted === '' || busy.value) return null;
    busy.value = true;
    error.value = '';
    try {
      const found = await createPeople(server).findPerson(wanted);
      if (found?.principalId === meId) error.value = t('newChat.yourself');
      else if (!found) error.value = t('errors.personNotFound');
      return error.value === '' ? found : null;
    } catch (fault) {
      error.value = textOf(fault);
      return null;
    } finally {
      busy.value = false;
    }
  }
  return { login, busy, error, find };
}
