import type { Chat, ChatClient, ChatItem, MessageActions } from '@chat/sdk';
import { computed, onScopeDispose, type Ref, ref, shallowRef, watch } from 'vue';
import { isDeleted } from '../isDeleted';

const kinds: ReadonlySet<string> = new Set(['pinned', 'unpinned', 'deleted']);

/** The pinned messages of a chat, the one that was sent last first; follows what is pinned, unpinned and deleted meanwhile. */
export function usePinned(
  chat: Pick<Chat, 'id' | 'history'>,
  { client, messageActions }: { readonly client: Pick<ChatClient, 'on'>; readonly messageActions: Pick<MessageActions, 'pinned'> },
  items: Readonly<Ref<readonly ChatItem[]>>,
) {
  const sequences = shallowRef<readonly number[]>([]); // ascending
  const at = ref(0); // counted from the last
  const fetched = shallowRef<ChatItem | null>(null);
  let asked = 0;

  /** A fault is nobody's business: the bar stays as it was, and the next pin asks again. */
  async function load(): Promise<void> {
    const question = ++asked;
    try {
      const pinned = await messageActions.pinned(chat.id);
      if (question !== asked) return; // a newer one is under way
      sequences.value = [...pinned].sort((a, b) => a - b);
      at.value = 0;
    } catch {
      // As said.
    }
  }

  const sequence = computed(() => sequences.value.at(-1 - at.value) ?? null);
  const loaded = computed(() => items.value.find((item) => item.sequence !== null && item.sequence === sequence.value));

  watch(
    [sequence, loaded],
    async ([wanted, held]) => {
      if (wanted === null || held || fetched.value?.sequence === wanted) return;
      try {
        const { events } = await chat.history({ after: wanted - 1, limit: 1 });
        if (sequence.value === wanted) fetched.value = events.find((event) => event.sequence === wanted) ?? null;
      } catch {
        // The bar still leads there; its text comes with the window.
      }
    },
    { immediate: true },
  );

  const stops = [
    client.on('message', (event) => {
      if (event.chatId === chat.id && kinds.has(event.kind)) void load();
    }),
    client.on('discontinuity', ({ chatId }) => {
      if (chatId === chat.id) void load();
    }),
  ];
  onScopeDispose(() => {
    asked += 1;
    for (const stop of stops) stop();
  });
  void load();

  return {
    count: computed(() => sequences.value.length),
    /** Counted from 1, of the oldest. */
    place: computed(() => sequences.value.length - at.value),
    sequence,
    item: computed(() => {
      const item = loaded.value ?? (fetched.value?.sequence === sequence.value ? fetched.value : null);
      return item && !isDeleted(item) ? item : null;
    }),
    /** The one before; after the oldest the newest again. */
    next(): void {
      at.value = sequences.value.length === 0 ? 0 : (at.value + 1) % sequences.value.length;
    },
  };
}
