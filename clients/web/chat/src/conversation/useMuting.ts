import type { ChatSummary } from '@chat/sdk';
import { computed, type Ref, ref } from 'vue';
import { isMuted, type MuteSpan, muteFor } from '../chat-list/menu/chatActions';
import { useConnection } from '../connection/useConnection';
import { useErrors } from '../connection/useErrors';
import { useNow } from '../i18n/useNow';

/** Whether a chat is muted, and for how long; muted and unmuted for oneself. */
export function useMuting(chat: Readonly<Ref<Pick<ChatSummary, 'chatId' | 'own'>>>) {
  const { settings } = useConnection();
  const { toast } = useErrors();
  const now = useNow();
  const busy = ref(false);

  async function set(span: MuteSpan | null): Promise<void> {
    if (busy.value) return;
    busy.value = true;
    const { chatId } = chat.value;
    try {
      await (span === null ? settings.unmute(chatId) : muteFor(settings, chatId, span, Date.now()));
    } catch (fault) {
      toast(fault);
    } finally {
      busy.value = false;
    }
  }
  return { muted: computed(() => isMuted(chat.value, now.value)), busy, set };
}
