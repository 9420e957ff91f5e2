import type { MemberReceipt, MessageReceipts, Receipts } from '@chat/sdk';
import { computed, onScopeDispose, ref, shallowRef } from 'vue';

/** Who has got and read one message, a page at a time; what others may not know is not in it. */
export function useMessageReceipts(chatId: number, sequence: number, receipts: Receipts, onFault: (fault: unknown) => void) {
  const members = shallowRef<readonly MemberReceipt[]>([]);
  const page = shallowRef<MessageReceipts | null>(null); // the last one that came: its counts are the newest
  const loading = ref(false);
  let over = false;

  async function more(): Promise<void> {
    if (loading.value || (page.value !== null && page.value.nextCursor === null)) return;
    loading.value = true;
    try {
      const cursor = page.value?.nextCursor;
      const next = await receipts.info(chatId, sequence, cursor ? { cursor } : {});
      page.value = next;
      members.value = [...members.value, ...next.members];
    } catch (fault) {
      if (!over) onFault(fault);
    } finally {
      loading.value = false;
    }
  }

  onScopeDispose(() => (over = true));
  void more();
  return {
    loading,
    more,
    counts: computed(() => page.value),
    hasMore: computed(() => page.value !== null && page.value.nextCursor !== null),
    /** The last one who read it first; of whom it is not known when, behind them. */
    read: computed(() => members.value.filter((one) => one.read).sort((a, b) => timeOf(b.readAt) - timeOf(a.readAt))),
    /** Who has got it and has not read it, likewise. */
    delivered: computed(() =>
      members.value.filter((one) => one.delivered && !one.read).sort((a, b) => timeOf(b.deliveredAt) - timeOf(a.deliveredAt)),
    ),
  };
}

function timeOf(at: string | null): number {
  return at === null ? 0 : Date.parse(at);
}
