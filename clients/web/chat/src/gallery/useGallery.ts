import type { Chat, ChatItem, ContentKind, Joining, SharedMessage } from '@chat/sdk';
import { onScopeDispose } from 'vue';
import { isDeleted } from '../message/isDeleted';
import { usePages } from '../ui/usePages';

const PerPage = 60;

/** A shared message as an item of its chat, so that what shows the one shows the other. */
export function itemOf({ createdAt, ...message }: SharedMessage): ChatItem {
  return { ...message, kind: 'message', createdAtMs: Date.parse(createdAt), own: false };
}

/** What was shared in a chat of some kinds, the newest first, page after page. What comes meanwhile stands first, and what is deleted goes. */
export function useGallery(chat: Pick<Chat, 'id' | 'messages' | 'on'>, kinds: readonly ContentKind[], joining: Pick<Joining, 'media'>) {
  const deleted = new Set<number>(); // in case a page on its way still has it
  const {
    items: messages,
    state,
    hasMore,
    more,
  } = usePages(
    (from) => joining.media(chat.id, { kinds, limit: PerPage, ...from }),
    (held: readonly SharedMessage[], page) => joined(held, page.messages),
  );

  function joined(held: readonly SharedMessage[], found: readonly SharedMessage[]): SharedMessage[] {
    const known = new Map(held.map((message) => [message.sequence, message]));
    for (const message of found) if (!deleted.has(message.sequence)) known.set(message.sequence, message);
    return [...known.values()].sort((a, b) => b.sequence - a.sequence);
  }

  /** The window of the open chat knows what was just sent or deleted. */
  function follow(): void {
    const news: SharedMessage[] = [];
    const newest = messages.value[0]?.sequence ?? 0;
    for (const item of chat.messages.items) {
      if (item.sequence === null) continue;
      if (isDeleted(item)) deleted.add(item.sequence);
      else if (item.sequence > newest && item.content && kinds.some((kind) => kind === item.content?.kind))
        news.push(sharedOf(item, item.sequence));
    }
    if (messages.value.some(({ sequence }) => deleted.has(sequence))) {
      messages.value = messages.value.filter(({ sequence }) => !deleted.has(sequence));
    }
    if (news.length > 0 && state.value === 'done') messages.value = joined(messages.value, news);
  }

  const stop = chat.on('change', follow);
  onScopeDispose(stop);
  return { messages, state, hasMore, more };
}

function sharedOf(item: ChatItem, sequence: number): SharedMessage {
  const { chatId, senderId, createdAtMs, text, content } = item;
  return {
    chatId,
    sequence,
    senderId,
    createdAt: new Date(createdAtMs).toISOString(),
    text: text ?? '',
    content: content ?? { kind: 'unknown' },
  };
}
