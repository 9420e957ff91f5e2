import type { ScheduledWords } from '@chat/sdk';
import { computed, ref } from 'vue';
import { useI18n } from 'vue-i18n';
import { useErrors } from '../connection/useErrors';
import { dayAndTime } from '../i18n/time';
import { useScheduledBook } from '../scheduled/useScheduledBook';
import { useToasts } from '../ui/useToasts';

/** What a composer has to be sent. */
export interface Written {
  readonly words: () => ScheduledWords;
  /** Files wait for a caption: they go, and the words with them. */
  readonly files: () => boolean;
  readonly sendFiles: (dueAt: Date) => void;
  /** The words are scheduled: they are written no more. */
  readonly done: () => void;
}

/** Sends what is written later, and tells what waits in the chat already. */
export function useSendLater(chatId: number, written: Written) {
  const { t, locale } = useI18n();
  const { toast } = useErrors();
  const { showInfo } = useToasts();
  const book = useScheduledBook();
  const here = computed(() => (book.value?.messages.value ?? []).filter((message) => message.chatId === chatId));
  const choosing = ref(false);
  const scheduling = ref(false);

  /** What is written stays until it is scheduled; refused, the dialog stays, too. */
  async function send(dueAt: Date): Promise<void> {
    if (!book.value || scheduling.value) return;
    scheduling.value = true;
    try {
      if (written.files()) written.sendFiles(dueAt);
      else {
        await book.value.schedule({ chatId, dueAt, message: written.words() });
        written.done();
      }
      choosing.value = false;
      showInfo(t('scheduled.willBeSent', { when: dayAndTime(dueAt.getTime(), Date.now(), locale.value) }));
    } catch (fault) {
      toast(fault);
    } finally {
      scheduling.value = false;
    }
  }

  return {
    /** What is needed for it is loaded. */
    ready: computed(() => book.value !== null),
    waiting: computed(() => here.value.length),
    failed: computed(() => here.value.some(({ state }) => state === 'failed')),
    choosing,
    scheduling,
    send,
  };
}
