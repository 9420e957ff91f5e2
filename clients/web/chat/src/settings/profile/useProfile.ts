import type { OwnProfile, People } from '@chat/sdk';
import { computed, reactive, shallowRef } from 'vue';
import { keepCurrent } from '../../connection/keepCurrent';
import { useAttempt } from '../../connection/useAttempt';
import type { Connection } from '../../connection/useConnection';

/** One's own profile, and what of it is being written anew. A change on another device is taken over where nothing is written here. */
export function useProfile(
  { client, learnName }: Pick<Connection, 'learnName'> & { readonly client: Pick<Connection['client'], 'on'> },
  people: Pick<People, 'profile' | 'updateProfile'>,
  textOf: (fault: unknown) => string,
) {
  const profile = shallowRef<OwnProfile | null>(null);
  const form = reactive({ name: '', about: '' });
  const { busy, error, attempt } = useAttempt(textOf);
  /** What is left out of a change stays as it is. */
  const change = computed(() => {
    const held = profile.value;
    const [name, about] = [form.name.trim(), form.about.trim()];
    return held ? { ...(name === held.name ? {} : { name }), ...(about === (held.about ?? '') ? {} : { about }) } : {};
  });
  const isChanged = computed(() => Object.keys(change.value).length > 0);

  function take(told: OwnProfile, over: boolean): void {
    profile.value = told;
    learnName(told.name);
    if (over) Object.assign(form, { name: told.name, about: told.about ?? '' });
  }

  const { state, refresh } = keepCurrent(
    client,
    async () => {
      const told = await people.profile();
      take(told, !isChanged.value);
    },
    ({ kind }) => kind === 'profile',
  );
  void refresh();
  return {
    profile,
    form,
    state,
    busy,
    error,
    isChanged,
    refresh,
    save: () => attempt(async () => take(await people.updateProfile(change.value), true)),
  };
}
