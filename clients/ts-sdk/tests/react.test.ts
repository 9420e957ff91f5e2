// @vitest-environment happy-dom
import { act, createElement, Fragment, type ReactNode, StrictMode } from 'react';
import { createRoot, hydrateRoot } from 'react-dom/client';
import { renderToString } from 'react-dom/server';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ChatClient } from '../src/api.js';
import * as errorCodes from '../src/error-codes.js';
import type { Files, TransferOptions, UploadedFile } from '../src/files/records.js';
import {
  ChatProvider,
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
} from '../src/react/index.js';
import { conversation, isSeen, types } from './support/conversation.js';
import { peer, refusal } from './support/fake-server.js';
import { countListeners } from './support/listeners.js';
import { type World, world } from './support/world.js';

beforeEach(() => vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true));
afterEach(() => vi.unstubAllGlobals());

interface Mounted<Props> {
  shown(): unknown;
  show(props: Props): Promise<void>;
  unmount(): Promise<void>;
}

/** A component that shows what `use` gives as text, mounted twice over by StrictMode. */
async function mount<Props extends object>(
  client: ChatClient,
  use: (props: Props) => unknown,
  props: Props,
  files?: Files,
): Promise<Mounted<Props>> {
  const element = document.createElement('div');
  const root = createRoot(element);
  const Shown = (own: Props): ReactNode => JSON.stringify(use(own));
  const provided = files === undefined ? { client } : { client, files };
  const show = (own: Props): Promise<void> =>
    act(async () => root.render(createElement(StrictMode, null, createElement(ChatProvider, provided, createElement(Shown, own)))));
  await show(props);
  return {
    shown: () => JSON.parse(element.textContent ?? ''),
    show,
    unmount: () => act(async () => root.unmount()),
  };
}

const advance = (made: World, ms = 0): Promise<void> => act(() => made.clock.advance(ms));

function says(made: World, text: string): Promise<void> {
  return act(() => {
    made.server.say(7, text);
    return made.clock.advance(0);
  });
}

describe('hooks', () => {
  test('the connection follows the client, from before it connects to its end', async () => {
    const listeners = countListeners();
    const { client, clock } = world();
    const before = listeners.live;
    const use = (): unknown => {
      const { state, isOnline, me } = useConnection();
      return [state.kind, isOnline, me?.name ?? null];
    };
    const view = await mount(client, use, {});
    expect(view.shown()).toEqual(['idle', false, null]);
    await act(() => client.connect());
    expect(view.shown()).toEqual(['online', true, 'Me']);
    await act(async () => {
      await client.close();
      await clock.advance(0);
    });
    expect(view.shown()).toEqual(['closed', false, 'Me']);
    await view.unmount();
    expect(listeners.live).toBe(before);
  });

  test('the list, what is unread, and a chat change when a message comes; what stays the same draws nothing', async () => {
    const listeners = countListeners();
    const made = await conversation();
    const before = listeners.live;
    const view = await mount(
      made.client,
      () => [
        useChatList().items.map((chat) => chat.chatId),
        useChatList().hasMore,
        useUnread().messages,
        useUnread().chats,
        useChat(7).summary?.unread,
      ],
      {},
    );
    let drawn = 0;
    const still = await mount(
      made.client,
      () => {
        drawn++;
        return useUnread();
      },
      {},
    );
    const drawnBefore = drawn;
    expect(view.shown()).toEqual([[7, 8], false, 3, 2, 2]);
    await act(() => types(made, peer, true));
    expect(drawn).toBe(drawnBefore);
    await says(made, 'one more');
    expect(view.shown()).toEqual([[7, 8], false, 4, 2, 3]);
    expect(still.shown()).toEqual({ messages: 4, chats: 2 });
    await view.unmount();
    await still.unmount();
    expect(listeners.live).toBe(before);
  });

  test('messages are asked for once, although StrictMode mounts twice, and follow another id', async () => {
    const listeners = countListeners();
    const made = await conversation();
    const before = listeners.live;
    const view = await mount(
      made.client,
      ({ chatId }: { chatId: number }) => {
        const { items, isLoading } = useMessages(chatId);
        return [useChat(chatId).chat.id, isLoading, items.map((item) => item.text)];
      },
      { chatId: 7 },
    );
    await advance(made);
    expect(view.shown()).toEqual([7, false, ['m1', 'm2', 'm3']]);
    expect(made.server.received('getHistory')).toHaveLength(1);
    await says(made, 'live');
    expect(view.shown()).toEqual([7, false, ['m1', 'm2', 'm3', 'live']]);

    await view.show({ chatId: 8 });
    await advance(made);
    expect(view.shown()).toEqual([8, false, ['in the group']]);
    expect(made.client.chat(7)).toMatchObject({ isOpen: false });
    await view.unmount();
    expect(made.client.chat(8)).toMatchObject({ isOpen: false });
    expect(listeners.live).toBe(before);
  });

  test('a view that gives way to another of the same chat leaves it open', async () => {
    const made = await conversation();
    const use = ({ at }: { at: string }): unknown => [at, useMessages(7).items.length];
    const Shown = (props: { at: string }): ReactNode => JSON.stringify(use(props));
    const element = document.createElement('div');
    const root = createRoot(element);
    const show = (at: string): Promise<void> =>
      act(async () =>
        root.render(
          createElement(ChatProvider, { client: made.client }, createElement(Fragment, null, createElement(Shown, { key: at, at }))),
        ),
      );
    await show('a');
    await advance(made);
    await show('b');
    expect(JSON.parse(element.textContent ?? '')).toEqual(['b', 3]);
    expect(made.server.received('getHistory')).toHaveLength(1);
    await act(async () => root.unmount());
    expect(made.client.chat(7)).toMatchObject({ isOpen: false });
  });

  test('older messages are loaded on demand; a chat that cannot be opened says why', async () => {
    const made = await conversation(120);
    made.client.chat(7).markRead();
    made.server.answers.set('getHistory', () => refusal(200));
    let messages: ReturnType<typeof useMessages> | undefined;
    const view = await mount(
      made.client,
      () => {
        messages = useMessages(7);
        return [messages.error?.code ?? null, messages.items.length, messages.hasOlder];
      },
      {},
    );
    await advance(made);
    expect(view.shown()).toEqual([errorCodes.chat_not_found, 0, false]);
    made.server.answers.delete('getHistory');
    await act(async () => messages?.reload());
    await advance(made);
    expect(view.shown()).toEqual([null, 50, true]);
    await act(async () => messages?.loadOlder());
    await advance(made);
    expect(view.shown()).toEqual([null, 100, true]);
    await view.unmount();
  });

  test('typing is shown, told at a keystroke, and ends with the component', async () => {
    const made = await conversation();
    let typing: ReturnType<typeof useTyping> | undefined;
    const view = await mount(
      made.client,
      () => {
        typing = useTyping(7);
        return typing.typists;
      },
      {},
    );
    await act(() => types(made, peer, true));
    expect(view.shown()).toEqual([peer]);
    await act(async () => typing?.start());
    await view.unmount();
    await advance(made);
    expect(made.server.received('setTyping')).toMatchObject([{ active: true }, { active: false }]);
  });

  test('names and presence of whom is shown, and of nobody else', async () => {
    const listeners = countListeners();
    const made = await conversation();
    const before = listeners.live;
    const view = await mount(made.client, ({ id }: { id: number }) => [usePrincipalName(id) ?? null, usePresence(id)?.online ?? null], {
      id: 3,
    });
    await advance(made, 50);
    expect(view.shown()).toEqual(['P3', true]);
    await act(() => isSeen(made, 3, false));
    expect(view.shown()).toEqual(['P3', false]);
    await view.show({ id: 4 });
    await advance(made, 50);
    expect(view.shown()).toEqual(['P4', true]);
    await view.unmount();
    await advance(made);
    expect(made.server.received('watchPresence').map(({ principalIds }) => principalIds)).toEqual([[3], [4], []]);
    expect(listeners.live).toBe(before);
  });

  test('a draft is written, sent, and stored when the component goes', async () => {
    const stored = vi.fn(async (_url: string, _init?: RequestInit) => new Response(null, { status: 204 }));
    vi.stubGlobal('fetch', stored);
    const made = await conversation();
    let draft: ReturnType<typeof useDraft> | undefined;
    const view = await mount(
      made.client,
      () => {
        draft = useDraft(7);
        return [draft.text, draft.replyTo];
      },
      {},
    );
    await act(async () => draft?.setText('half a'));
    await act(async () => draft?.setReplyTo(2));
    expect(view.shown()).toEqual(['half a', 2]);
    await act(async () => void draft?.send());
    expect(view.shown()).toEqual(['', null]);
    await advance(made);
    expect(made.server.received('sendMessage')).toMatchObject([{ text: 'half a', replyTo: 2 }]);
    await act(async () => draft?.setText('later'));
    await view.unmount();
    await advance(made);
    expect(stored.mock.calls.map(([url, init]) => [new URL(url).pathname, init?.method])).toEqual([['/api/chats/7/draft', 'PUT']]);
  });

  test('an upload shows its progress, runs on over the double mount, and pauses when the component goes', async () => {
    const made = await conversation();
    const told: TransferOptions[] = [];
    const files = {
      upload: (_file: Blob, options: TransferOptions) => new Promise<UploadedFile>(() => told.push(options)),
    } as unknown as Files;
    let upload: ReturnType<typeof useUpload> | undefined;
    const view = await mount(
      made.client,
      () => {
        upload = useUpload();
        return [upload.state, upload.sentBytes, upload.totalBytes];
      },
      {},
      files,
    );
    await act(async () => void upload?.start(new Blob(['12345678'])));
    await act(async () => told[0]?.onProgress?.({ blobId: 'b', sentBytes: 4, totalBytes: 8 }));
    expect(view.shown()).toEqual(['uploading', 4, 8]);
    await view.unmount();
    expect(told[0]?.signal?.aborted).toBe(true);
  });

  test('a page that a server rendered is taken over without a difference', async () => {
    const made = await conversation();
    const Shown = (): ReactNode => `${useChatList().items.length} chats`;
    const page = createElement(ChatProvider, { client: made.client }, createElement(Shown));
    const element = document.createElement('div');
    element.innerHTML = renderToString(page);
    expect(element.textContent).toBe('0 chats');
    const faults: unknown[] = [];
    const root = await act(async () => hydrateRoot(element, page, { onRecoverableError: (fault) => faults.push(fault) }));
    expect(element.textContent).toBe('2 chats');
    expect(faults).toEqual([]);
    await act(async () => root.unmount());
  });

  test('without a provider, or without files, they say what is missing', async () => {
    const { client } = world();
    const element = document.createElement('div');
    const List = (): ReactNode => JSON.stringify(useChatList());
    const Upload = (): ReactNode => useUpload().state;
    const root = createRoot(element);
    await expect(act(async () => root.render(createElement(List)))).rejects.toThrow('There is no chat client here');
    const provided = createElement(ChatProvider, { client }, createElement(Upload));
    await expect(act(async () => root.render(provided))).rejects.toThrow('useUpload needs files');
    await act(async () => root.unmount());
  });
});
