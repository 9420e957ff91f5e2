import { createElement } from 'react';
import { renderToString as renderReact } from 'react-dom/server';
import { expect, test } from 'vitest';
import { createSSRApp, h } from 'vue';
import { renderToString as renderVue } from 'vue/server-renderer';
import type { Files } from '../src/files/records.js';
import * as react from '../src/react/index.js';
import * as vue from '../src/vue/index.js';
import { conversation } from './support/conversation.js';
import { countListeners } from './support/listeners.js';
import { world } from './support/world.js';

const files = {} as Files;
const shown = 'idle|0|0|none|0|true|none|none||idle';

test('a server has no window here', () => {
  expect(typeof window).toBe('undefined');
});

test('Vue renders on a server, and leaves nothing behind', async () => {
  const listeners = countListeners();
  const { client, clock } = world();
  const before = listeners.live;
  const app = createSSRApp({
    setup() {
      const { state } = vue.useConnection();
      const list = vue.useChatList();
      const unread = vue.useUnread();
      const { summary } = vue.useChat(7);
      const messages = vue.useMessages(7);
      const { typists } = vue.useTyping(7);
      const presence = vue.usePresence(2);
      const name = vue.usePrincipalName(2);
      const draft = vue.useDraft(7);
      const upload = vue.useUpload();
      void typists;
      return () =>
        h(
          'p',
          [
            state.value.kind,
            list.items.value.length,
            unread.messages.value,
            summary.value ?? 'none',
            messages.items.value.length,
            messages.isLoading.value,
            presence.value ?? 'none',
            name.value ?? 'none',
            draft.text.value,
            upload.state.value,
          ].join('|'),
        );
    },
  });
  app.use(vue.chatPlugin(client, { files }));
  expect(await renderVue(app)).toBe(`<p>${shown}</p>`);
  expect(listeners.live).toBe(before);
  expect(clock.pending).toBe(0);
});

function Page() {
  const { state } = react.useConnection();
  const list = react.useChatList();
  const unread = react.useUnread();
  const { summary } = react.useChat(7);
  const messages = react.useMessages(7);
  react.useTyping(7);
  const presence = react.usePresence(2);
  const name = react.usePrincipalName(2);
  const draft = react.useDraft(7);
  const upload = react.useUpload();
  const { items, isLoading } = messages;
  const all = [
    state.kind,
    list.items.length,
    unread.messages,
    summary ?? 'none',
    items.length,
    isLoading,
    presence ?? 'none',
    name ?? 'none',
  ];
  return createElement('p', null, [...all, draft.text, upload.state].join('|'));
}

test('React renders on a server, and leaves nothing behind', async () => {
  const listeners = countListeners();
  const { client, clock } = world();
  const before = listeners.live;
  expect(renderReact(createElement(react.ChatProvider, { client, files }, createElement(Page)))).toBe(`<p>${shown}</p>`);
  expect(listeners.live).toBe(before);
  expect(clock.pending).toBe(0);
});

test('React renders what a page can take over, whatever the client knows already', async () => {
  const { client } = await conversation();
  expect(renderReact(createElement(react.ChatProvider, { client, files }, createElement(Page)))).toBe(`<p>${shown}</p>`);
});
