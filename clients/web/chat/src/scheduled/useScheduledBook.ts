import { type InjectionKey, inject, provide, type ShallowRef } from 'vue';
import { useI18n } from 'vue-i18n';
import { chatName } from '../chat-list/chatText';
import { loadWhenListed } from '../connection/loadWhenListed';
import type { Connection } from '../connection/useConnection';
import { withWords } from '../i18n';
import { useToasts } from '../ui/useToasts';
import type { ScheduledBook } from './scheduledBook';

const key: InjectionKey<Readonly<ShallowRef<ScheduledBook | null>>> = Symbol('scheduled book');

/** Has one's scheduled messages followed from when the chats are there: what they need is loaded after them. Null until then. */
export function provideScheduledBook({ client, server, isListed }: Connection): void {
  const { t } = useI18n();
  const { showError } = useToasts();
  const { value } = loadWhenListed(isListed, async () => {
    const { createScheduledBook } = await withWords('scheduled', () => import('./scheduledBook'));
    const onFailed = ({ chatId }: { readonly chatId: number }) => {
      const { summary } = client.chat(chatId);
      showError(t('scheduled.failedIn', { name: summary ? chatName(summary, t('chats.untitled')) : t('chats.untitled') }));
    };
    return () => createScheduledBook({ client, server, onFailed });
  });
  provide(key, value);
}

export function useScheduledBook(): Readonly<ShallowRef<ScheduledBook | null>> {
  const book = inject(key);
  if (!book) throw new Error('useScheduledBook was called outside of the chat shell, which provides it.');
  return book;
}
