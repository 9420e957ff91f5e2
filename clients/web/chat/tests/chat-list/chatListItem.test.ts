// @vitest-environment happy-dom
import type { ChatSummary, UnreadMentions } from '@chat/sdk';
import { afterEach, expect, it, vi } from 'vitest';
import { createApp, nextTick, ref, shallowRef } from 'vue';
import { createMemoryHistory, createRouter } from 'vue-router';
import ChatListItem from '../../src/chat-list/ChatListItem.vue';
import { i18n } from '../../src/i18n';

const held = shallowRef<UnreadMentions | null>(null);
vi.mock('../../src/connection/useConnection', () => ({
  useConnection: () => ({ nameOf: () => 'Anna', mentionsOf: () => held.value, presenceOf: () => undefined, meId: 1 }),
}));
vi.mock('../../src/presence/usePresenceText', () => ({ usePresenceText: () => ({ typing: ref(''), online: ref(false) }) }));
vi.mock('../../src/composer/useDraft', () => ({ useDraft: () => ref('') }));

afterEach(() => document.body.replaceChildren());

it('a chat with unread mentions shows so beside the count, in words for those who hear it, until there are none', async () => {
  held.value = { count: 2, first: 5 };
  const chat = {
    chatId: 7,
    kind: 'group',
    name: 'Team',
    unread: 3,
    lastItem: null,
    lastActivityMs: 0,
    peerId: null,
    own: { pinned: false, archived: false, markedUnread: false, mutedUntilMs: null },
  } as unknown as ChatSummary;
  const router = createRouter({ history: createMemoryHistory(), routes: [{ name: 'chat', path: '/:id', component: {} }] });
  const host = document.body.appendChild(document.createElement('div'));
  createApp(ChatListItem, { chat, current: false }).use(router).use(i18n).mount(host);
  await nextTick();

  expect(host.querySelector('[data-mentions] [aria-hidden]')?.textContent).toBe('@');
  expect(host.querySelector('[data-mentions] .sr-only')?.textContent).toBe('2 mention you');

  held.value = null;
  await nextTick();
  expect(host.querySelector('[data-mentions]')).toBeNull();
});
