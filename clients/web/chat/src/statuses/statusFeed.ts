import { type ChatClient, createStatuses, followStatuses, type Status, type StatusAuthor, type Statuses } from '@chat/sdk';
import { computed, onScopeDispose, ref, type ShallowRef, shallowRef } from 'vue';
import type { Connection } from '../connection/useConnection';

export type StatusFeed = ReturnType<typeof createStatusFeed>;

/** Whose statuses stand where: those with something new, those that were looked at, and those that are muted. */
export function sectionsOf(authors: readonly StatusAuthor[]) {
  return {
    recent: authors.filter(({ muted, unseen }) => !muted && unseen > 0),
    viewed: authors.filter(({ muted, unseen }) => !muted && unseen === 0),
    muted: authors.filter(({ muted }) => muted),
  };
}

/** The name under which one keeps them, or else their own. */
export function authorName({ ownName, name }: Pick<StatusAuthor, 'ownName' | 'name'>): string {
  return ownName ?? name;
}

export function isOver({ expiresAt }: Pick<Status, 'expiresAt'>, nowMs: number): boolean {
  return Date.parse(expiresAt) <= nowMs;
}

/**
 * Who shows one something, and what one shows oneself, as refs that follow what happens. It asks again after a reconnect, and whenever `refresh` says
 * that the list is looked at: that something is over is told to nobody.
 */
export function createStatusFeed(
  { client, server, meId }: { readonly client: Pick<ChatClient, 'me' | 'on'> } & Pick<Connection, 'server' | 'meId'>,
  statuses: Statuses = createStatuses(server),
) {
  const authors = shallowRef<readonly StatusAuthor[]>([]);
  const own = shallowRef<readonly Status[]>([]);
  const state = ref<'loading' | 'done' | 'failed'>('loading');
  /** Counts looks at one's own: who shows their number asks again. */
  const looks = ref(0);
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
        const [others, mine] = await Promise.all([allAuthors(statuses), statuses.of(meId)]);
        authors.value = others;
        own.value = mine;
        state.value = 'done';
      } catch {
        // What is shown stays; where there is nothing yet, the list says so with a button to try again.
        if (state.value !== 'done') state.value = 'failed';
      }
    }
  }

  function change(authorId: number, to: (author: StatusAuthor) => StatusAuthor): void {
    authors.value = authors.value.map((one) => (one.authorId === authorId ? to(one) : one));
  }

  const stops = [
    followStatuses(client, ({ authorId, statusId, by }) => {
      if (statusId !== null && authorId === meId && by !== meId) looks.value += 1;
      else void refresh();
    }),
    client.on('people', ({ kind }) => {
      if (kind !== 'profile') void refresh();
    }),
    client.on('state', ({ to }) => {
      if (to.kind === 'online') void refresh();
    }),
  ];
  onScopeDispose(() => {
    for (const stop of stops) stop();
  });
  void refresh();

  return {
    statuses,
    authors: authors as Readonly<ShallowRef<readonly StatusAuthor[]>>,
    own: own as Readonly<ShallowRef<readonly Status[]>>,
    state,
    looks,
    /** Something is there that was not looked at, of somebody who is not muted. */
    hasUnseen: computed(() => sectionsOf(authors.value).recent.length > 0),
    refresh,
    /** Notes here and there that one has looked at it. That it could not be told is no matter: it stays new. */
    async look(status: Status): Promise<void> {
      if (status.authorId === meId || status.seen) return;
      try {
        await statuses.view(status.id);
        change(status.authorId, (author) => ({ ...author, unseen: Math.max(0, author.unseen - 1) }));
      } catch {
        void refresh();
      }
    },
    async setMuted(authorId: number, muted: boolean): Promise<void> {
      await (muted ? statuses.mute(authorId) : statuses.unmute(authorId));
      change(authorId, (author) => ({ ...author, muted }));
    },
    async remove(statusId: number): Promise<void> {
      await statuses.delete(statusId);
      own.value = own.value.filter(({ id }) => id !== statusId);
    },
  };
}

async function allAuthors(statuses: Pick<Statuses, 'authors'>): Promise<StatusAuthor[]> {
  const all: StatusAuthor[] = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<Statuses['authors']>> = await statuses.authors({ limit: 100, ...(cursor !== null && { cursor }) });
    all.push(...page.authors);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return all;
}
