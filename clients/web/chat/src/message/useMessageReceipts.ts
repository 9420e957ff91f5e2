import type { ChatClient, MemberReceipt, MessageReceipts, Receipts } from '@chat/sdk';
import { computed, onScopeDispose, ref, shallowRef } from 'vue';

/** Several who read at once are one question. */
export const SettleMs = 500;
/** Least time between two questions that nobody clicked for. */
export const RefreshMs = 5_000;
/** By then the service knows when something was read of which it told at once that it was. */
export const TimesMs = 6_000;
/** Pages that are asked for again: the members behind them stay as they are. */
const RefreshedPages = 3;

/** Who has got and read one message, a page at a time; what others may not know is not in it. Follows what the client hears of the chat. */
export function useMessageReceipts(
  chatId: number,
  sequence: number,
  receipts: Receipts,
  client: Pick<ChatClient, 'on'>,
  onFault: (fault: unknown) => void,
) {
  const members = shallowRef<readonly MemberReceipt[]>([]);
  const counts = shallowRef<MessageReceipts | null>(null); // the page that came last
  const cursor = shallowRef<string | null>(null); // behind the last member
  const loading = ref(false);
  let over = false;
  let turn: Promise<void> = Promise.resolve(); // one question at a time
  let askedAt = Number.NEGATIVE_INFINITY;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let dueAt = Number.POSITIVE_INFINITY;
  let hasChanged = false; // since the last question

  async function ask(from: string | null): Promise<MessageReceipts> {
    askedAt = performance.now();
    const page = await receipts.info(chatId, sequence, from === null ? {} : { cursor: from });
    counts.value = page;
    return page;
  }

  function more(): Promise<void> {
    if (loading.value || (counts.value !== null && cursor.value === null)) return turn;
    loading.value = true;
    const isFirst = counts.value === null;
    turn = turn.then(async () => {
      try {
        if (!isFirst && cursor.value === null) return; // what came meanwhile was the rest
        const page = await ask(cursor.value);
        members.value = [...members.value, ...page.members];
        cursor.value = page.nextCursor;
        if (isFirst) refreshIn(TimesMs);
      } catch (fault) {
        if (!over) onFault(fault);
      } finally {
        loading.value = false;
      }
    });
    return turn;
  }

  /** What is shown, anew. A fault is nobody's business: it stays as it was. */
  async function refresh(): Promise<void> {
    if (counts.value === null) return; // the first page did not come: that is asked for by who looks
    try {
      const fresh: MemberReceipt[] = [];
      let page = await ask(null);
      fresh.push(...page.members);
      for (let pages = 1; page.nextCursor !== null && fresh.length < members.value.length && pages < RefreshedPages; pages++) {
        page = await ask(page.nextCursor);
        fresh.push(...page.members);
      }
      const last = fresh.at(-1)?.principalId ?? 0;
      const behind = page.nextCursor === null ? [] : members.value.filter((one) => one.principalId > last);
      members.value = [...fresh, ...behind];
      if (behind.length === 0) cursor.value = page.nextCursor;
    } catch {
      // The next change, or a click, asks again.
    }
  }

  /** Of two the sooner one; behind one for a change comes another, for its times. */
  function refreshIn(ms: number): void {
    const now = performance.now();
    const at = Math.max(now + ms, askedAt + RefreshMs);
    if (over || at >= dueAt) return;
    clearTimeout(timer);
    dueAt = at;
    timer = setTimeout(() => {
      dueAt = Number.POSITIVE_INFINITY;
      turn = turn.then(async () => {
        if (over) return;
        const followed = hasChanged;
        hasChanged = false;
        await refresh();
        if (followed) refreshIn(TimesMs);
      });
    }, at - now);
  }

  function onChange(change: { readonly chatId: number }): void {
    if (change.chatId !== chatId) return;
    hasChanged = true;
    refreshIn(SettleMs);
  }

  const stops = [client.on('receipts', onChange), client.on('message', onChange)]; // who writes has read
  onScopeDispose(() => {
    over = true;
    clearTimeout(timer);
    for (const stop of stops) stop();
  });
  void more();
  return {
    loading,
    more,
    counts: computed(() => counts.value),
    hasMore: computed(() => cursor.value !== null),
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
