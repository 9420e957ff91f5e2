import { type ChatClient, createNotices, followNotices, type Notices } from '@chat/sdk';
import { onScopeDispose, ref } from 'vue';
import { keepCurrent } from '../connection/keepCurrent';
import type { Connection } from '../connection/useConnection';
import { namesKnown } from './namesKnown';

export type NoticeBook = ReturnType<typeof createNoticeBook>;

/** How many notices are new, and how far they are read on whichever device; tells when the list may be another one. */
export function createNoticeBook(
  { client, server }: { readonly client: Pick<ChatClient, 'on' | 'me' | 'chat' | 'principalName'> } & Pick<Connection, 'server'>,
  notices: Notices = createNotices(server),
) {
  const unread = ref(0);
  /** Up to when, in milliseconds. */
  const readUpTo = ref(0);
  /** Counts what may have changed the list. */
  const changes = ref(0);
  const { refresh } = keepCurrent(client, async () => {
    const found = await notices.unread();
    unread.value = found.count;
    rise(Date.parse(found.readUpTo));
  });

  function rise(ms: number): void {
    readUpTo.value = Math.max(readUpTo.value, ms);
  }

  const stops = [
    followNotices(client, ({ readUpTo: at }) => {
      if (at === null) changes.value += 1;
      else rise(Date.parse(at));
      void refresh();
    }),
    client.on('state', ({ to }) => {
      if (to.kind === 'online') changes.value += 1;
    }),
  ];
  onScopeDispose(() => {
    for (const stop of stops) stop();
  });
  void refresh();

  return {
    unread,
    readUpTo,
    changes,
    /** A page of them, once it is known who did it all. */
    async list(from?: { readonly cursor?: string }) {
      const page = await notices.list(from);
      const others = page.notices.map(({ actorId }) => actorId).filter((id) => id !== client.me?.principalId);
      await namesKnown(client, others);
      return page;
    },
    /** All up to a notice's time, on all devices. What fails is done with the next one that is looked at. */
    async read(upTo: string): Promise<void> {
      if (Date.parse(upTo) <= readUpTo.value) return;
      await notices.markRead(upTo);
      rise(Date.parse(upTo));
      await refresh();
    },
  };
}
