import { type ChatClient, createStatuses, followStatuses, type Status, type StatusAuthor, type Statuses } from '@chat/sdk';
import { computed, onScopeDispose, ref, type ShallowRef, shallowRef } from 'vue';
import { allPages } from '../connection/allPages';
import { keepCurrent } from '../connection/keepCurrent';
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
  /** Counts looks at one's own: who shows their number asks again. */
  const looks = ref(0);
  /** Looks that were told: what was loaded before says of them still that they are new. */
  const told = new Set<number>();
  const { state, refresh } = keepCurrent(client, async () => {
    const everybody = allPages(
      (from) => statuses.authors(from),
      ({ authors: found }) => found,
    );
    const [others, mine] = await Promise.all([everybody, statuses.of(meId)]);
    authors.value = others;
    own.value = mine;
  });

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
      if (status.authorId === meId || status.seen || told.has(status.id)) return;
      told.add(status.id);
      try {
        await statuses.view(status.id);
        change(status.authorId, (author) => ({ ...author, unseen: Math.max(0, author.unseen - 1) }));
      } catch {
        told.delete(status.id);
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
