import type { ScheduledWords } from '@chat/sdk';
import { computed, ref } from 'vue';
import { useErrors } from '../connection/useErrors';
import { useLaterNotices } from '../scheduled/useLaterNotices';
import { useScheduledBook } from '../scheduled/useScheduledBook';

/** What a composer has to be sent. */
export interface Written {
  /** The words, which are written no more; null where there are none that may be sent. */
  readonly take: () => { readonly words: ScheduledWords; readonly giveBack: () => void } | null;
  /** Files wait for a caption: they go, and the words with them. */
  readonly files: () => boolean;
  readonly sendFiles: (dueAt: Date) => void;
  /** It is done, and the dialog closed. */
  readonly done: () => void;
}

/** Sends what is written later, and tells what waits in the chat already. */
export function useSendLater(chatId: number, written: Written) {
  const { toast } = useErrors();
  const notices = useLaterNotices();
  const book = useScheduledBook();
  const here = computed(() => (book.value?.messages.value ?? []).filter((message) => message.chatId === chatId));
  const choosing = ref(false);
  const scheduling = ref(false);

  /** Taken when it is asked for, so that what is written meanwhile is nobody's but its own; refused it comes back, and the dialog stays. */
  async function send(dueAt: Date): Promise<void> {
    if (!book.value || scheduling.value) return;
    if (written.files()) written.sendFiles(dueAt);
    else if (!(await sendWords(book.value, dueAt))) return;
    choosing.value = false;
    written.done();
  }

  async function sendWords({ scheduleText }: NonNullable<typeof book.value>, dueAt: Date): Promise<boolean> {
    const taken = written.take();
    if (!taken) return false;
    scheduling.value = true;
    try {
      await scheduleText({ chatId, dueAt, message: taken.words });
      notices.scheduled(dueAt);
      return true;
    } catch (fault) {
      taken.giveBack();
      toast(fault);
      return false;
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
