import {
  type ChatClient,
  type ClientOptions,
  createScheduled,
  followScheduled,
  type NewScheduledMessage,
  type Scheduled,
  type ScheduledMessage,
} from '@chat/sdk';
import { onScopeDispose, ref, shallowRef } from 'vue';

export type ScheduledBook = ReturnType<typeof createScheduledBook>;

export interface ScheduledPorts {
  readonly client: Pick<ChatClient, 'on'>;
  readonly server: Pick<ClientOptions, 'url' | 'token'>;
  /** One could not be sent. */
  readonly onFailed: (message: ScheduledMessage) => void;
}

type Change = Parameters<Scheduled['change']>[1];

/** One's messages that are to be sent later, of all chats, by due time; a list that follows what happens on whichever device. */
export function createScheduledBook({ client, server, onFailed }: ScheduledPorts, scheduled: Scheduled = createScheduled(server)) {
  const messages = shallowRef<readonly ScheduledMessage[]>([]);
  const state = ref<'loading' | 'done' | 'failed'>('loading');
  /** Those that are known to have failed: each is told once, and none of those that had before the page was opened. */
  const told = new Set<number>();
  /** The last one whose answer did not come: the same again is that one, and is sent once. */
  let unsure: NewScheduledMessage | null = null;
  let running: Promise<void> | null = null;
  let isStale = false;

  /** One question at a time; what changes meanwhile is asked for after it. */
  function refresh(): Promise<void> {
    isStale = true;
    running ??= load().finally(() => {
      running = null;
    });
    return running;
  }

  async function load(): Promise<void> {
    while (isStale) {
      isStale = false;
      if (state.value === 'failed') state.value = 'loading';
      try {
        take(await all(scheduled));
      } catch {
        // What is shown stays; where there is nothing yet, the list says so with a button to try again.
        if (state.value !== 'done') state.value = 'failed';
      }
    }
  }

  function take(found: readonly ScheduledMessage[]): void {
    const isFirst = state.value !== 'done';
    messages.value = found;
    state.value = 'done';
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

  const stops = [
    followScheduled(client, () => void refresh()),
    client.on('state', ({ to }) => {
      if (to.kind === 'online') void refresh();
    }),
  ];
  onScopeDispose(() => {
    for (const stop of stops) stop();
  });
  void refresh();

  return {
    messages,
    state,
    refresh,
    async schedule(message: NewScheduledMessage): Promise<void> {
      const isAgain = unsure !== null && JSON.stringify(unsure) === JSON.stringify(message);
      const asked = isAgain && unsure ? unsure : message;
      unsure = asked;
      put(await scheduled.schedule(asked));
      unsure = null;
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

async function all(scheduled: Pick<Scheduled, 'list'>): Promise<ScheduledMessage[]> {
  const found: ScheduledMessage[] = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<Scheduled['list']>> = await scheduled.list({ limit: 100, ...(cursor !== null && { cursor }) });
    found.push(...page.messages);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return found;
}
