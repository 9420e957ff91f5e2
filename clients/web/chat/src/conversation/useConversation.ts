import { type Chat, ChatError, type ChatItem, errorCodes, type LinkPreview, type Mark } from '@chat/sdk';
import { computed, onScopeDispose, ref, shallowRef, watch } from 'vue';
import { clearTray } from '../attachments/useTray';
import { setDraft } from '../composer/useDraft';
import { wordsOf } from '../composer/words';
import { useConnection } from '../connection/useConnection';
import { useErrors } from '../connection/useErrors';
import { usePageAttention } from '../connection/usePageAttention';
import { moveDivider } from '../message/unreadDivider';
import { loggedOut } from './membership';
import { useDeleted } from './useDeleted';

export type Conversation = ReturnType<typeof useConversation>;

const MaxJumpPages = 60; // a quoted message further back than this is not worth the wait

/** One open chat: its live window as refs, what was read, and the way back through older messages. */
export function useConversation(chatId: number) {
  const { client, meId } = useConnection();
  const { toast } = useErrors();
  const attention = usePageAttention();
  const chat: Chat = client.chat(chatId);
  const phase = ref<'loading' | 'open' | 'failed' | 'gone'>('loading');
  const items = shallowRef<readonly ChatItem[]>([]);
  const hasOlder = ref(false);
  const loadingOlder = ref(false);
  const summary = shallowRef(chat.summary);
  const unreadFrom = ref<number | null>(null);
  const listed = ref(isListed());
  const wasListed = ref(listed.value);
  /** No longer in this chat: what was loaded can be read, nothing can be written. */
  const removed = computed(() => !listed.value && (wasListed.value || loggedOut(items.value, meId)));
  const deletedBy = useDeleted(client, chatId);
  const atEnd = ref(true);
  let known = 0; // the highest sequence the divider was told of

  function isListed(): boolean {
    return client.chats.items.some((other) => other.chatId === chatId);
  }

  function takeList(): void {
    summary.value = chat.summary;
    listed.value = isListed();
    wasListed.value ||= listed.value;
  }

  function take(): void {
    summary.value = chat.summary;
    if (phase.value !== 'open' || deletedBy.value !== null) return;
    const before = items.value;
    items.value = [...chat.messages.items];
    hasOlder.value = chat.messages.hasOlder;
    if (before.length > 0) for (const item of items.value.slice(-200)) noteArrival(item);
    known = Math.max(known, lastSequence());
    markSeen();
  }

  function noteArrival(item: ChatItem): void {
    if (item.sequence === null || item.sequence <= known || item.kind !== 'message') return;
    unreadFrom.value = moveDivider(unreadFrom.value, {
      kind: 'arrived',
      sequence: item.sequence,
      own: item.own,
      seen: attention.value && atEnd.value,
      readUpTo: chat.summary?.readUpTo ?? 0,
    });
  }

  function lastSequence(): number {
    return items.value.reduceRight((last, item) => (last > 0 ? last : (item.sequence ?? 0)), 0);
  }

  /** Read is what stood before the eyes: page in front, list at its end. */
  function markSeen(): void {
    const last = lastSequence();
    if (phase.value === 'open' && attention.value && atEnd.value && last > (chat.summary?.readUpTo ?? 0)) chat.markRead(last);
  }

  async function open(): Promise<void> {
    phase.value = 'loading';
    try {
      await chat.open({ window: 50 });
      phase.value = 'open';
      unreadFrom.value = moveDivider(null, { kind: 'opened', unreadAt: chat.messages.unreadAt });
      // What is unread is read once the reader gets to the end, not by opening alone.
      atEnd.value = chat.messages.unreadAt === null;
      take();
    } catch (fault) {
      phase.value = isNoChat(fault) ? 'gone' : 'failed';
      toast(fault);
    }
  }

  function retry(): void {
    chat.close(); // in the place of the opening that failed
    void open();
  }

  let loading: Promise<void> | null = null;

  /** One page at a time: whoever asks meanwhile waits for the one that is on its way. */
  function loadOlder(): Promise<void> {
    if (!hasOlder.value || phase.value !== 'open') return Promise.resolve();
    loading ??= loadPage().finally(() => {
      loading = null;
    });
    return loading;
  }

  async function loadPage(): Promise<void> {
    loadingOlder.value = true;
    try {
      await chat.loadOlder();
    } catch (fault) {
      toast(fault);
    } finally {
      take();
      loadingOlder.value = false;
    }
  }

  /** Loads older pages until the window reaches back to a sequence; false when it does not get there. */
  async function loadBackTo(sequence: number): Promise<boolean> {
    const first = () => items.value.find((item) => item.sequence !== null)?.sequence ?? Number.POSITIVE_INFINITY;
    for (let page = 0; first() > sequence && hasOlder.value && page < MaxJumpPages; page += 1) {
      const before = first();
      await loadOlder();
      if (first() === before) return false;
    }
    return first() <= sequence;
  }

  function send(text: string, replyTo: number | undefined, link: LinkPreview | null, marks: readonly Mark[] = []): void {
    unreadFrom.value = moveDivider(unreadFrom.value, { kind: 'sent' });
    chat.send(wordsOf(text, replyTo, link, marks));
  }

  const stops = [
    chat.on('change', take),
    client.on('chats', takeList),
    client.on('state', ({ to }) => {
      if (to.kind === 'online' && phase.value === 'failed') retry();
    }),
  ];
  watch(attention, markSeen);
  watch(
    deletedBy,
    () => {
      items.value = []; // nothing of it is anybody's any more, nor what was begun to be written
      hasOlder.value = false;
      setDraft(chatId, '');
      clearTray(client, chatId);
    },
    { flush: 'sync' },
  );
  onScopeDispose(() => {
    for (const stop of stops) stop();
    chat.close();
  });
  void open();

  return {
    chat,
    phase,
    items,
    hasOlder,
    loadingOlder,
    summary,
    unreadFrom,
    removed,
    /** Who deleted the chat for everyone: nothing of it is shown any more. */
    deletedBy,
    retry,
    loadOlder,
    loadBackTo,
    send,
    setAtEnd(now: boolean): void {
      atEnd.value = now;
      markSeen();
    },
  };
}

/** There is no such chat for this person: asking again leads nowhere. */
function isNoChat(fault: unknown): boolean {
  return fault instanceof ChatError && (fault.code === errorCodes.chat_not_found || fault.code === errorCodes.not_a_member);
}
