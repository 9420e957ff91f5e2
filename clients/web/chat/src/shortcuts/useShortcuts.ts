import { nextTick } from 'vue';
import { useRoute, useRouter } from 'vue-router';
import { loadWhenListed } from '../connection/loadWhenListed';
import type { Connection } from '../connection/useConnection';
import { useLayer } from '../ui/useLayer';

/** Has the page listen for its shortcuts from when the chats are there: what they need is loaded after them. */
export function provideShortcuts({ isListed, chats }: Connection): void {
  const router = useRouter();
  const route = useRoute();
  const { layer, showLayer, closeLayer } = useLayer();

  loadWhenListed(isListed, async () => {
    const [{ listenForKeys }, { useSingleKeys }, { neighbour, unreadNeighbour }, { leaveLevel }] = await Promise.all([
      import('./pageKeys'),
      import('./singleKeys'),
      import('../chat-list/neighbour'),
      import('../ui/levels'),
    ]);

    async function go(find: typeof neighbour, step: 1 | -1): Promise<void> {
      const chat = find(chats.value, route.name === 'chat' ? Number(route.params['id']) : null, step);
      if (!chat) return;
      await router.push({ name: 'chat', params: { id: chat.chatId } });
      await nextTick();
      document.querySelector(`[data-chat="${chat.chatId}"]`)?.scrollIntoView({ block: 'nearest' });
    }

    /** In the list of chats, which another part of the page may have the place of. */
    async function search(): Promise<void> {
      const field = () => [...document.querySelectorAll<HTMLElement>('[role="search"] input')].find((one) => one.checkVisibility());
      if (!field()) await router.push({ name: 'chats' });
      await nextTick();
      field()?.focus();
    }

    return () =>
      listenForKeys({
        layer,
        closeLayer,
        singleKeys: useSingleKeys(),
        actions: {
          palette: () => showLayer('palette'),
          help: () => showLayer('help'),
          markAllRead: () => showLayer('markAllRead'),
          search,
          back: leaveLevel,
          previousChat: () => go(neighbour, -1),
          nextChat: () => go(neighbour, 1),
          previousUnread: () => go(unreadNeighbour, -1),
          nextUnread: () => go(unreadNeighbour, 1),
        },
      });
  });
}
