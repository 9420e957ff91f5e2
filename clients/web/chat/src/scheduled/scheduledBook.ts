import {
  type ChatClient,
  ChatError,
  type ClientOptions,
  createScheduled,
  errorCodes,
  followScheduled,
  type NewScheduledMessage,
  newUuid,
  type Scheduled,
  type ScheduledMessage,
  type ScheduledWords,
} from '@chat/sdk';
import { onScopeDispose, shallowRef } from 'vue';
import { allPages } from '../connection/allPages';
import { isUnsure } from '../connection/isUnsure';
import { keepCurrent } from '../connection/keepCurrent';

export type ScheduledBook = ReturnType<typeof createScheduledBook>;

export interface ScheduledPorts {
  readonly client: Pick<ChatClient, 'on'>;
  readonly server: Pick<ClientOptions, 'url' | 'token'>;
  /** One could not be sent. */
  readonly onFailed: (message: ScheduledMessage) => void;
}

/** The same id given again is a retry of the same message. */
type Asked = NewScheduledMessage & { readonly clientMessageId: string };
type Change = Parameters<Scheduled['change']>[1];

/** One's messages that are to be sent later, of all chats, by due time; a list that follows what happens on whichever device. */
export function createScheduledBook({ client, server, onFailed }: ScheduledPorts, scheduled: Scheduled = createScheduled(server)) {
  const messages = shallowRef<readonly ScheduledMessage[]>([]);
  /** Those that are known to have failed: each is told once, and none of those that had before the page was opened. */
  const told = new Set<number>();
  /** The text of a chat that was asked for without an answer: it may be there, so what is written is not scheduled anew before one has looked. */
  const unsure = new Map<number, Asked>();
  const { state, refresh } = keepCurrent(client, async () => take(await all()));

  function all(): Promise<ScheduledMessage[]> {
    return allPages(
      (from) => scheduled.list(from),
      ({ messages: found }) => found,
    );
  }

  function take(found: readonly ScheduledMessage[]): void {
    const isFirst = state.value !== 'done';
    messages.value = found;
    const failed = found.filter((message) => message.state === 'failed');
    for (const { id } of found) if (!failed.some((message) => message.id === id)) told.delete(id); // it waits again
    for (const message of failed) {
      if (!told.has(message.id) && !isFirst) onFailed(message);
      told.add(message.id);
    }
  }

  /** What became of one, before the list is asked for. */
  function put(changed: ScheduledMessage): void {
    const others = messages.value.filter(({ id }) => id !== changed.id);
    const isDone = changed.state === 'sent' || changed.state === 'cancelled';
    messages.value = isDone ? others : [...others, changed].sort((a, b) => Date.parse(a.dueAt) - Date.parse(b.dueAt) || a.id - b.id);
    void refresh();
  }

  /** Refused, it may be another one by now. */
  async function orRefresh<T>(doing: Promise<T>): Promise<T> {
    try {
      return await doing;
    } catch (fault) {
      void refresh();
      throw fault;
    }
  }

  /** Among those that are not done; asked of the server. */
  async function find(clientMessageId: string): Promise<ScheduledMessage | undefined> {
    return (await all()).find((message) => message.clientMessageId === clientMessageId);
  }

  /** Whose answer was lost is looked for; what is taken back or failed by then is a fault, for it will not be sent. */
  async function schedule(message: Asked): Promise<void> {
    const stored = await scheduled.schedule(message).catch(async (fault: unknown) => {
      const there = isUnsure(fault) ? await find(message.clientMessageId).catch(() => undefined) : undefined;
      if (!there) throw fault;
      return there;
    });
    put(stored);
    if (!['waiting', 'sending', 'sent'].includes(stored.state))
      throw new ChatError(errorCodes.not_changeable, 'It was taken back, or failed, before this was asked.');
  }

  onScopeDispose(followScheduled(client, () => void refresh()));
  void refresh();

  return {
    messages,
    state,
    refresh,
    schedule,
    /** The text of a composer; where it failed without an answer, the same text again is the same message, at whichever time. */
    async scheduleText(wish: { readonly chatId: number; readonly dueAt: Date; readonly message: ScheduledWords }): Promise<void> {
      const before = unsure.get(wish.chatId);
      const isSameText = before?.message.text === wish.message.text && before.message.replyTo === wish.message.replyTo;
      const isAgain = isSameText && before?.dueAt.getTime() === wish.dueAt.getTime();
      if (before && !isAgain) {
        const there = await find(before.clientMessageId);
        if (there) unsure.delete(wish.chatId);
        if (there && isSameText) {
          if (there.state === 'sending') void refresh();
          else put(await orRefresh(scheduled.change(there.id, { dueAt: wish.dueAt, version: there.version })));
          return;
        }
      }
      const clientMessageId = unsure.get(wish.chatId)?.clientMessageId ?? newUuid();
      const asked = isAgain && before ? before : { ...wish, clientMessageId };
      unsure.set(wish.chatId, asked);
      try {
        await schedule(asked);
      } catch (fault) {
        if (!isUnsure(fault)) unsure.delete(wish.chatId);
        throw fault;
      }
      unsure.delete(wish.chatId);
    },
    /** Fails with `not_changeable` where it was changed elsewhere since, or is being sent. */
    async change({ id, version }: ScheduledMessage, change: Change): Promise<void> {
      put(await orRefresh(scheduled.change(id, { ...change, version })));
    },
    async sendNow({ id }: ScheduledMessage): Promise<void> {
      put(await orRefresh(scheduled.sendNow(id)));
    },
    async cancel(message: ScheduledMessage): Promise<void> {
      await orRefresh(scheduled.cancel(message.id));
      put({ ...message, state: 'cancelled' });
    },
  };
}
