import { type ChatClient, ChatError, type MemberReceipt, type MessageReceipts, type Receipts } from '@chat/sdk';
import { computed, onScopeDispose, ref, shallowRef } from 'vue';

/** Several who read at once are one question. */
export const SettleMs = 500;
/** Least time between two questions that nobody clicked for. */
export const RefreshMs = 5_000;
/** By then the service knows when something was read: the mark is written up to 2 s after it, and times every 5 s. */
export const TimesMs = 8_000;
/** Longest pause after questions that failed one after another; the first is `RefreshMs`. */
export const MostRetryMs = 60_000;
/** Pages that are asked for again: the members behind them stay as they are. */
const RefreshedPages = 3;

/** In one piece: who is counted is listed. The page is the one that came last, the cursor stands behind the last member. */
type Shown = { readonly page: MessageReceipts; readonly members: readonly MemberReceipt[]; readonly cursor: string | null };

/** Who has got and read one message, a page at a time; what others may not know is not in it. Follows what the client hears of the chat. */
export function useMessageReceipts(
  chatId: number,
  sequence: number,
  receipts: Receipts,
  client: Pick<ChatClient, 'on'>,
  onFault: (fault: unknown) => void,
) {
  const shown = shallowRef<Shown | null>(null);
  const loading = ref(false);
  let over = false;
  let turn: Promise<void> = Promise.resolve(); // one question at a time
  let askedAt = Number.NEGATIVE_INFINITY;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let dueAt = Number.POSITIVE_INFINITY;
  let hasChanged = false; // since the last question that was answered
  let failed = 0; // questions one after another that nobody clicked for
  let notBefore = Number.NEGATIVE_INFINITY; // as the service asked for

  function ask(from: string | null): Promise<MessageReceipts> {
    askedAt = performance.now();
    return receipts.info(chatId, sequence, from === null ? {} : { cursor: from });
  }

  function more(): Promise<void> {
    if (loading.value || (shown.value !== null && shown.value.cursor === null)) return turn;
    loading.value = true;
    turn = turn.then(async () => {
      try {
        const before = shown.value;
        if (over || (before !== null && before.cursor === null)) return; // what came meanwhile was the rest
        const page = await ask(before?.cursor ?? null);
        if (over) return;
        shown.value = { page, members: [...(before?.members ?? []), ...page.members], cursor: page.nextCursor };
        if (before === null) refreshIn(TimesMs);
      } catch (fault) {
        if (!over) onFault(fault);
      } finally {
        loading.value = false;
      }
    });
    return turn;
  }

  /**
   * What is shown, anew. A fault is nobody's business: it stays as it was, and is asked for again when that may help.
   * @returns whether it was answered.
   */
  async function refresh(): Promise<boolean> {
    const before = shown.value;
    if (before === null) return true; // the first page did not come: that is asked for by who looks
    try {
      const fresh: MemberReceipt[] = [];
      let page = await ask(null);
      fresh.push(...page.members);
      for (let pages = 1; !over && page.nextCursor !== null && fresh.length < before.members.length && pages < RefreshedPages; pages++) {
        page = await ask(page.nextCursor);
        fresh.push(...page.members);
      }
      if (over) return true;
      const last = fresh.at(-1)?.principalId ?? 0;
      const behind = page.nextCursor === null ? [] : before.members.filter((one) => one.principalId > last);
      shown.value = { page, members: [...fresh, ...behind], cursor: behind.length === 0 ? page.nextCursor : before.cursor };
      failed = 0;
      return true;
    } catch (thrown) {
      const refused = thrown instanceof ChatError ? thrown : null;
      notBefore = performance.now() + (refused?.retryAfterMs ?? 0);
      if (refused?.retryable ?? true) refreshIn(Math.min(RefreshMs * 2 ** failed++, MostRetryMs));
      return false; // else the next change asks again
    }
  }

  /** Of two the sooner one; behind one for a change comes another, for its times. */
  function refreshIn(ms: number): void {
    const now = performance.now();
    const at = Math.max(now + ms, askedAt + RefreshMs, notBefore);
    if (over || at >= dueAt) return;
    clearTimeout(timer);
    dueAt = at;
    timer = setTimeout(() => {
      dueAt = Number.POSITIVE_INFINITY;
      if (performance.now() < notBefore) return refreshIn(0); // was refused since
      turn = turn.then(async () => {
        if (over) return;
        const followed = hasChanged;
        hasChanged = false;
        if (!(await refresh())) hasChanged ||= followed;
        else if (followed) refreshIn(TimesMs);
      });
    }, at - now);
  }

  function onChange(change: { readonly chatId: number }): void {
    if (change.chatId !== chatId) return;
    hasChanged = true;
    refreshIn(SettleMs);
  }

  /** What changed while nobody was told may be told by nobody any more. */
  function onState({ to }: { readonly to: { readonly kind: string } }): void {
    if (to.kind !== 'online') return;
    hasChanged = true;
    failed = 0;
    if (shown.value === null) void more();
    else refreshIn(SettleMs);
  }

  const stops = [client.on('receipts', onChange), client.on('message', onChange), client.on('state', onState)]; // who writes has read
  onScopeDispose(() => {
    over = true;
    clearTimeout(timer);
    for (const stop of stops) stop();
  });
  void more();

  const latest = (those: (one: MemberReceipt) => boolean, at: 'readAt' | 'deliveredAt') =>
    computed(() => (shown.value?.members ?? []).filter(those).sort((a, b) => timeOf(b[at]) - timeOf(a[at])));

  return {
    loading,
    more,
    counts: computed(() => shown.value?.page ?? null),
    hasMore: computed(() => (shown.value?.cursor ?? null) !== null),
    /** The last one who read it first; of whom it is not known when, behind them. */
    read: latest((one) => one.read, 'readAt'),
    /** Who has got it and has not read it, likewise. */
    delivered: latest((one) => one.delivered && !one.read, 'deliveredAt'),
  };
}

function timeOf(at: string | null): number {
  return at === null ? 0 : Date.parse(at);
}
