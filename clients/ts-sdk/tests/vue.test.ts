// @vitest-environment happy-dom
import { describe, expect, test, vi } from 'vitest';
import { createApp, effectScope, h, nextTick, ref, shallowRef } from 'vue';
import type { ChatClient } from '../src/api.js';
import * as errorCodes from '../src/error-codes.js';
import type { Files, TransferOptions, UploadedFile } from '../src/files/records.js';
import * as localErrors from '../src/local-errors.js';
import {
  chatPlugin,
  provideChat,
  useChat,
  useChatList,
  useConnection,
  useDraft,
  useMessages,
  usePresence,
  usePrincipalName,
  useTyping,
  useUnread,
  useUpload,
} from '../src/vue/index.js';
import { conversation, isSeen, types } from './support/conversation.js';
import { peer, refusal } from './support/fake-server.js';
import { countListeners } from './support/listeners.js';
import { world } from './support/world.js';

/** A component that shows what `setup` gives as text, in an app of its own. */
function mount(client: ChatClient, setup: () => () => unknown, files?: Files): { shown(): Promise<string>; unmount(): void } {
  const root = document.createElement('div');
  const app = createApp({
    setup() {
      const text = setup();
      return () => h('p', JSON.stringify(text()));
    },
  });
  app.use(chatPlugin(client, files === undefined ? {} : { files }));
  app.mount(root);
  return {
    async shown() {
      await nextTick();
      return JSON.parse(root.textContent ?? '');
    },
    unmount: () => app.unmount(),
  };
}

/** What a component left behind is let go within the turn. */
const turn = (): Promise<void> => Promise.resolve();

describe('composables', () => {
  test('the connection follows the client, from before it connects to its end', async () => {
    const listeners = countListeners();
    const { client, clock } = world();
    const before = listeners.live;
    const view = mount(client, () => {
      const { state, isOnline, me } = useConnection();
      return () => [state.value.kind, isOnline.value, me.value?.name ?? null];
    });
    expect(await view.shown()).toEqual(['idle', false, null]);
    await client.connect();
    expect(await view.shown()).toEqual(['online', true, 'Me']);
    await client.close();
    await clock.advance(0);
    expect(await view.shown()).toEqual(['closed', false, 'Me']);
    view.unmount();
    await turn();
    expect(listeners.live).toBe(before);
  });

  test('the list, what is unread, and a chat change when a message comes', async () => {
    const listeners = countListeners();
    const made = await conversation();
    const before = listeners.live;
    const view = mount(made.client, () => {
      const list = useChatList();
      const unread = useUnread();
      const { summary } = useChat(7);
      return () => [
        list.items.value.map((chat) => chat.chatId),
        list.hasMore.value,
        unread.messages.value,
        unread.chats.value,
        summary.value?.unread,
      ];
    });
    expect(await view.shown()).toEqual([[7, 8], false, 3, 2, 2]);
    made.server.say(7, 'one more');
    await made.clock.advance(0);
    expect(await view.shown()).toEqual([[7, 8], false, 4, 2, 3]);
    made.client.chat(7).markRead();
    await made.clock.advance(0);
    expect(await view.shown()).toEqual([[7, 8], false, 1, 1, 0]);
    view.unmount();
    await turn();
    expect(listeners.live).toBe(before);
  });

  test('messages are live while a component shows them, once for two, and follow another id', async () => {
    const listeners = countListeners();
    const made = await conversation();
    const before = listeners.live;
    const chatId = ref(7);
    const show = (): (() => unknown) => {
      const { items, isLoading, hasOlder, loadOlder } = useMessages(chatId, { window: 2 });
      const { chat } = useChat(chatId);
      void loadOlder;
      return () => [chat.value.id, isLoading.value, hasOlder.value, items.value.map((item) => item.text)];
    };
    const one = mount(made.client, show);
    const two = mount(made.client, show);
    expect(await one.shown()).toEqual([7, true, false, []]);
    await made.clock.advance(0);
    expect(made.server.received('getHistory')).toHaveLength(1);
    made.server.say(7, 'live');
    await made.clock.advance(0);
    expect(await one.shown()).toEqual([7, false, false, ['m1', 'm2', 'm3', 'live']]);
    expect(await two.shown()).toEqual(await one.shown());

    two.unmount();
    await turn();
    expect(made.client.chat(7)).toMatchObject({ isOpen: true });
    chatId.value = 8;
    await made.clock.advance(0);
    expect(await one.shown()).toEqual([8, false, false, ['in the group']]);
    expect(made.client.chat(7)).toMatchObject({ isOpen: false });
    one.unmount();
    await turn();
    expect(made.client.chat(8)).toMatchObject({ isOpen: false });
    expect(listeners.live).toBe(before);
  });

  test('older messages are loaded on demand', async () => {
    const made = await conversation(120);
    let older = async (): Promise<void> => {};
    made.client.chat(7).markRead();
    const view = mount(made.client, () => {
      const { items, hasOlder, loadOlder } = useMessages(7, { window: 50 });
      older = loadOlder;
      return () => [items.value.length, hasOlder.value];
    });
    await made.clock.advance(0);
    expect(await view.shown()).toEqual([50, true]);
    await older();
    await made.clock.advance(0);
    expect(await view.shown()).toEqual([100, true]);
    view.unmount();
  });

  test('a chat that cannot be opened says why, and opens by reload', async () => {
    const made = await conversation();
    made.server.answers.set('getHistory', () => refusal(200));
    let again = (): void => {};
    const view = mount(made.client, () => {
      const { items, error, isLoading, reload } = useMessages(7);
      again = reload;
      return () => [error.value?.code ?? null, isLoading.value, items.value.length];
    });
    await made.clock.advance(0);
    expect(await view.shown()).toEqual([errorCodes.chat_not_found, false, 0]);
    made.server.answers.delete('getHistory');
    again();
    expect(await view.shown()).toEqual([null, true, 0]);
    await made.clock.advance(0);
    expect(await view.shown()).toEqual([null, false, 3]);
    view.unmount();
    await turn();
    expect(made.client.chat(7)).toMatchObject({ isOpen: false });
  });

  test('what failed because the client was closed is asked for again when it is back', async () => {
    const made = await conversation();
    await made.client.close();
    const view = mount(made.client, () => {
      const { items, error } = useMessages(7);
      return () => [error.value?.code ?? null, items.value.length];
    });
    await made.clock.advance(0);
    expect(await view.shown()).toEqual([localErrors.connection_closed, 0]);
    await made.client.connect();
    await made.clock.advance(0);
    expect(await view.shown()).toEqual([null, 3]);
    view.unmount();
  });

  test('typing is shown, told at a keystroke, and ends with the component', async () => {
    const made = await conversation();
    let key = (): void => {};
    const view = mount(made.client, () => {
      const { typists, start } = useTyping(() => 7);
      key = start;
      return () => typists.value;
    });
    await types(made, peer, true);
    expect(await view.shown()).toEqual([peer]);
    await types(made, peer, false);
    expect(await view.shown()).toEqual([]);
    key();
    view.unmount();
    await made.clock.advance(0);
    expect(made.server.received('setTyping')).toMatchObject([{ active: true }, { active: false }]);
  });

  test('names and presence of whom is shown, and of nobody else', async () => {
    const listeners = countListeners();
    const made = await conversation();
    const before = listeners.live;
    const whom = shallowRef<readonly number[]>([peer, 3]);
    const seen = whom.value.map((_, at) =>
      mount(made.client, () => {
        const name = usePrincipalName(() => whom.value[at] as number);
        const presence = usePresence(() => whom.value[at] as number);
        return () => [name.value ?? null, presence.value?.online ?? null];
      }),
    );
    await made.clock.advance(50);
    expect(await Promise.all(seen.map((view) => view.shown()))).toEqual([
      ['Peer', true],
      ['P3', true],
    ]);
    await isSeen(made, 3, false);
    expect(await seen[1]?.shown()).toEqual(['P3', false]);

    whom.value = [peer, 4];
    await made.clock.advance(50);
    expect(await seen[1]?.shown()).toEqual(['P4', true]);
    for (const view of seen) view.unmount();
    await made.clock.advance(0);
    expect(made.server.received('watchPresence').map(({ principalIds }) => [...principalIds].sort())).toEqual([[peer, 3], [peer, 4], []]);
    expect(listeners.live).toBe(before);
  });

  test('a draft is written with v-model, sent, and stored when the component goes', async () => {
    const stored = vi.fn(async (_url: string, _init?: RequestInit) => new Response(null, { status: 204 }));
    vi.stubGlobal('fetch', stored);
    const made = await conversation();
    const drafts: ReturnType<typeof useDraft>[] = [];
    const show = (): (() => unknown) => {
      const draft = useDraft(7);
      drafts.push(draft);
      return () => [draft.text.value, draft.replyTo.value];
    };
    const one = mount(made.client, show);
    const two = mount(made.client, show);
    const [first] = drafts as [ReturnType<typeof useDraft>];
    first.text.value = 'half a';
    first.replyTo.value = 2;
    expect(await two.shown()).toEqual(['half a', 2]);
    expect(first.send()).toMatchObject({ text: 'half a', replyTo: 2 });
    expect(await two.shown()).toEqual(['', null]);
    expect(first.send()).toBeNull();
    await made.clock.advance(0);
    expect(made.server.received('sendMessage')).toMatchObject([{ text: 'half a', replyTo: 2 }]);

    first.text.value = 'later';
    one.unmount();
    await made.clock.advance(0);
    expect(stored).not.toHaveBeenCalled();
    two.unmount();
    await made.clock.advance(0);
    expect(stored.mock.calls.map(([url, init]) => [new URL(url).pathname, init?.method, init?.body])).toEqual([
      ['/api/chats/7/draft', 'PUT', JSON.stringify({ text: 'later', replyTo: null })],
    ]);
    vi.unstubAllGlobals();
  });

  test('an upload shows its progress, and pauses when the component goes', async () => {
    const made = await conversation();
    const told: { options: TransferOptions; done: (file: UploadedFile) => void }[] = [];
    const files = {
      upload: (_file: Blob, options: TransferOptions) => new Promise<UploadedFile>((done) => told.push({ options, done })),
    } as unknown as Files;
    let upload: ReturnType<typeof useUpload> | undefined;
    const show = (): (() => unknown) => {
      const used = useUpload();
      upload = used;
      return () => [used.state.value, used.sentBytes.value, used.totalBytes.value, used.file.value?.blobId ?? null];
    };
    const view = mount(made.client, show, files);
    expect(await view.shown()).toEqual(['idle', 0, 0, null]);
    const done = upload?.start(new Blob(['12345678']));
    told[0]?.options.onProgress?.({ blobId: 'b', sentBytes: 4, totalBytes: 8 });
    expect(await view.shown()).toEqual(['uploading', 4, 8, null]);
    told[0]?.done({ blobId: 'b' } as UploadedFile);
    expect(await done).toMatchObject({ blobId: 'b' });
    expect(await view.shown()).toEqual(['done', 4, 8, 'b']);

    void upload?.start(new Blob(['1']));
    view.unmount();
    await turn();
    expect(told[1]?.options.signal?.aborted).toBe(true);
  });

  test('in an effect scope they live as long as it', async () => {
    const listeners = countListeners();
    const made = await conversation();
    const before = listeners.live;
    const app = createApp({ render: () => null });
    app.use(chatPlugin(made.client));
    const scope = effectScope();
    const unread = app.runWithContext(() => scope.run(() => useUnread()));
    made.server.say(7, 'one more');
    await made.clock.advance(0);
    expect(unread?.messages.value).toBe(4);
    scope.stop();
    await turn();
    expect(listeners.live).toBe(before);
  });

  test('elsewhere they say what is missing', async () => {
    const { client } = world();
    expect(() => useChatList()).toThrow('There is no chat client here');
    const app = createApp({ render: () => null });
    app.use(chatPlugin(client));
    expect(() => app.runWithContext(() => useChatList())).toThrow('effect scope');
    expect(() => app.runWithContext(() => effectScope().run(() => useUpload()))).toThrow('useUpload needs files');
  });

  test('a component may provide the client to those below it', async () => {
    const made = await conversation();
    const below = {
      setup() {
        const { items } = useChatList();
        return () => `${items.value.length} chats`;
      },
    };
    const root = document.createElement('div');
    const app = createApp({
      setup() {
        provideChat(made.client);
        return () => h(below);
      },
    });
    app.mount(root);
    expect(root.textContent).toBe('2 chats');
    app.unmount();
  });
});
