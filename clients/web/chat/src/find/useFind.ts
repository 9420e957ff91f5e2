import type { ChatItem, Search } from '@chat/sdk';
import { computed, type Ref, ref, watch } from 'vue';
import { isDeleted } from '../message/isDeleted';
import { useMessageSearch } from '../search/useMessageSearch';
import { fold } from '../shortcuts/matching';
import { wordsIn } from './words';

/**
 * Messages of one chat that have all the words: those that the service finds, page after page, and those of the loaded ones that have them
 * anywhere, also within a word, and also where the service cannot be asked. The newest first; one of them is looked at.
 * @param show Leads to a message.
 */
export function useFind(
  query: Readonly<Ref<string>>,
  {
    search,
    chatId,
    items,
    show,
  }: { search: Search; chatId: number; items: Readonly<Ref<readonly ChatItem[]>>; show(sequence: number): unknown },
) {
  const { messages, state, hasMore, more } = useMessageSearch(query, search, chatId);
  const words = computed(() => (state.value === 'idle' ? [] : wordsIn(query.value)));
  const at = ref<number | null>(null);
  const texts = new WeakMap<ChatItem, string>();

  function textOf(item: ChatItem): string {
    const known = texts.get(item) ?? fold(item.text ?? '');
    texts.set(item, known);
    return known;
  }

  const hits = computed(() => {
    if (words.value.length === 0) return [];
    const found = new Set(messages.value.map(({ sequence }) => sequence));
    for (const item of items.value) {
      if (item.sequence === null || item.kind !== 'message') continue;
      if (isDeleted(item)) found.delete(item.sequence);
      else if (words.value.every((word) => textOf(item).includes(word))) found.add(item.sequence);
    }
    return [...found].sort((a, b) => b - a);
  });
  const index = computed(() => (at.value === null ? -1 : hits.value.indexOf(at.value)));

  function lookAt(sequence: number | undefined): void {
    if (sequence === undefined) return;
    at.value = sequence;
    show(sequence);
  }

  watch(query, () => {
    at.value = null;
  });
  // As one types the newest is shown; what further pages bring is not jumped to.
  watch(state, (now) => {
    if (at.value === null && (now === 'done' || now === 'failed')) lookAt(hits.value[0]);
  });

  return {
    state,
    words,
    hasMore,
    count: computed(() => hits.value.length),
    /** Counted from 1, of the newest; 0 while none is looked at. */
    place: computed(() => index.value + 1),
    at,
    /** The one before; after the oldest that there is the newest again. */
    async older(): Promise<void> {
      const from = at.value;
      if (index.value === hits.value.length - 1 && (hasMore.value || state.value === 'failed')) await more();
      if (at.value === from) lookAt(hits.value[index.value + 1] ?? hits.value[0]);
    },
    newer(): void {
      lookAt(hits.value[index.value - 1] ?? hits.value.at(-1));
    },
  };
}
