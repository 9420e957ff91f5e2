import { type InjectionKey, inject, provide, type ShallowRef } from 'vue';
import { useI18n } from 'vue-i18n';
import { chatName } from '../chat-list/chatText';
import { type LoadedLater, loadWhenListed } from '../connection/loadWhenListed';
import type { Connection } from '../connection/useConnection';
import { withWords } from '../i18n';
import { useToasts } from '../ui/useToasts';
import type { ScheduledBook } from './scheduledBook';

const key: InjectionKey<LoadedLater<ScheduledBook>> = Symbol('scheduled book');

/** Has one's scheduled messages followed from when the chats are there: what they need is loaded after them. Null until then. */
export function provideScheduledBook({ client, server, isListed }: Connection): void {
  const { t } = useI18n();
  const { showError } = useToasts();
  const loaded = loadWhenListed(isListed, async () => {
    const { createScheduledBook } = await withWords('scheduled', () => import('./scheduledBook'));
    const onFailed = ({ chatId }: { readonly chatId: number }) => {
      const { summary } = client.chat(chatId);
      showError(t('scheduled.failedIn', { name: summary ? chatName(summary, t('chats.untitled')) : t('chats.untitled') }));
    };
    return () => createScheduledBook({ client, server, onFailed });
  });
  provide(key, loaded);
}

export function useScheduledBook(): Readonly<ShallowRef<ScheduledBook | null>> {
  return useScheduledLoad().value;
}

/** The same, for where one waits for it. */
export function useScheduledLoad(): LoadedLater<ScheduledBook> {
  const loaded = inject(key);
  if (!loaded) throw new Error('The scheduled messages were asked for outside of the chat shell, which provides them.');
  return loaded;
}
