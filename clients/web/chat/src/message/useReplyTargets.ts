import type { Chat, ChatClient, ChatItem } from '@chat/sdk';
import { onScopeDispose, type Ref, shallowRef, triggerRef } from 'vue';

/** Messages that others reply to: from the window when they are there, else asked for once and kept. */
export function useReplyTargets(chat: Chat, client: Pick<ChatClient, 'on'>, items: Readonly<Ref<readonly ChatItem[]>>) {
  const fetched = shallowRef(new Map<number, ChatItem | undefined>());

  async function fetch(sequence: number): Promise<void> {
    fetched.value.set(sequence, undefined); // asked for; a second row with the same target does not ask again
    try {
      const page = await chat.history({ after: sequence - 1, limit: 1 });
      fetched.value.set(
        sequence,
        page.events.find((event) => event.sequence === sequence),
      );
      triggerRef(fetched);
    } catch {
      fetched.value.delete(sequence); // the quote stays empty; the next time it comes into view it is asked for again
    }
  }

  // What was fetched is as it was then: a quote must not go on showing what is deleted, or reads otherwise.
  const stop = client.on('message', ({ chatId, kind, target }) => {
    if (chatId === chat.id && (kind === 'edited' || kind === 'deleted') && fetched.value.delete(target ?? 0)) triggerRef(fetched);
  });
  onScopeDispose(stop);

  function targetOf(item: ChatItem | undefined): ChatItem | undefined {
    const sequence = item?.replyTo;
    if (sequence === undefined) return undefined;
    const loaded = items.value.find((other) => other.sequence === sequence);
    if (loaded) return loaded;
    if (!fetched.value.has(sequence)) void fetch(sequence);
    return fetched.value.get(sequence);
  }
  return { targetOf };
}
