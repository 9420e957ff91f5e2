import type { ChatItem, ChatSummary, MessageActions } from '@chat/sdk';
import { computed, type Ref, ref } from 'vue';
import { filterChats } from '../../chat-list/chatText';
import { canWrite } from '../actions/allowed';

/** More at once is a broadcast, for which there are groups and channels. */
export const MostChats = 20;

/** Chooses the chats to which a message is passed on, and sends it there. */
export function useForward(item: ChatItem, actions: Pick<MessageActions, 'forward'>, chats: Readonly<Ref<readonly ChatSummary[]>>) {
  const query = ref('');
  const chosen = ref<readonly number[]>([]);
  const shown = computed(() => filterChats(chats.value, query.value).filter((chat) => canWrite(false, chat)));
  const isFull = computed(() => chosen.value.length >= MostChats);

  function toggle(chatId: number): void {
    if (chosen.value.includes(chatId)) chosen.value = chosen.value.filter((id) => id !== chatId);
    else if (!isFull.value) chosen.value = [...chosen.value, chatId];
  }

  /** Resolves when all of them are stored or refused: to how many it went, and why it did not to others. */
  async function send(): Promise<{ done: number; faults: unknown[] }> {
    const ends = await Promise.allSettled(chosen.value.map(async (chatId) => await actions.forward(item, chatId).sent));
    const faults = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason] : []));
    return { done: ends.length - faults.length, faults };
  }
  return { query, chosen, shown, isFull, toggle, send };
}
