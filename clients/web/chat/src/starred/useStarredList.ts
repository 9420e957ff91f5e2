import type { ChatClient, StarredMessages, StarredPage } from '@chat/sdk';
import { onScopeDispose } from 'vue';
import { usePages } from '../ui/usePages';

type StarredMessage = StarredPage['messages'][number];

/** One's starred messages, the one starred last first, page after page; what loses its star meanwhile goes. */
export function useStarredList(client: Pick<ChatClient, 'on'>, starred: StarredMessages) {
  const gone = new Set<string>(); // in case a page on its way still has it
  const keyOf = ({ chatId, sequence }: { readonly chatId: number; readonly sequence: number }) => `${chatId}-${sequence}`;
  const { items, state, hasMore, more } = usePages(
    ({ cursor }) => starred.list(cursor),
    (held: readonly StarredMessage[], page) => [...held, ...page.messages.filter((one) => !gone.has(keyOf(one)))],
  );
  const stop = client.on('starred', (star) => {
    if (star.starred) return void gone.delete(keyOf(star));
    gone.add(keyOf(star));
    items.value = items.value.filter((one) => keyOf(one) !== keyOf(star));
  });
  onScopeDispose(stop);
  return { messages: items, state, hasMore, more };
}
