import type { ChatSummary } from '@chat/sdk';
import { computed, type Ref, ref, watch } from 'vue';
import { useConnection } from '../connection/useConnection';
import { useErrors } from '../connection/useErrors';
import { type ChatTheme, themeNamed } from './chatThemes';

/** One's own choice; `chat`: what the group or channel looks like to all. */
export type OwnTheme = ChatTheme | 'chat';

/** What a chat looks like to oneself and to all, chosen for either. */
export function useChatTheme(chat: Readonly<Ref<Pick<ChatSummary, 'chatId' | 'kind' | 'own' | 'details'>>>) {
  const { settings } = useConnection();
  const { toast } = useErrors();

  /** What is chosen is shown at once, and saved one after another; what is refused shows what is stored again. */
  function choice<T extends string>(stored: () => T, save: (theme: T) => Promise<void>) {
    const wished = ref<T | null>(null) as Ref<T | null>;
    let saving: Promise<unknown> = Promise.resolve();
    let waiting = 0;
    watch(stored, () => {
      if (waiting === 0) wished.value = null;
    });
    async function choose(theme: T): Promise<void> {
      wished.value = theme;
      waiting += 1;
      const mine = saving.then(() => save(theme));
      saving = mine.catch(() => undefined);
      try {
        await mine;
      } catch (fault) {
        if (wished.value === theme) wished.value = null;
        toast(fault);
      } finally {
        waiting -= 1;
      }
    }
    return { shown: computed(() => wished.value ?? stored()), choose };
  }

  const own = choice<OwnTheme>(
    () => {
      if (chat.value.own.theme !== null) return themeNamed(chat.value.own.theme);
      return chat.value.kind === 'direct' ? 'default' : 'chat';
    },
    (theme) => {
      const isNone = theme === 'chat' || (theme === 'default' && chat.value.kind === 'direct');
      return settings.setTheme(chat.value.chatId, isNone ? null : theme);
    },
  );
  const forAll = choice<ChatTheme>(
    () => themeNamed(chat.value.details.theme),
    (theme) => settings.update(chat.value.chatId, { theme: theme === 'default' ? '' : theme }),
  );
  return { own: own.shown, setOwn: own.choose, forAll: forAll.shown, setForAll: forAll.choose };
}
