import { useCallback, useMemo, useSyncExternalStore } from 'react';
import type { Chat, ChatClient, ChatSummary, MessageContent, OutgoingMessage, Presence } from '../api.js';
import { chatStore, type MessagesView, messagesStore } from '../bindings/chat-stores.js';
import {
  type ChatListView,
  type ConnectionView,
  chatListStore,
  connectionStore,
  nameStore,
  type UnreadView,
  unreadStore,
} from '../bindings/client-stores.js';
import { type DraftView, draftBox } from '../bindings/draft-box.js';
import { presenceStore } from '../bindings/presence-store.js';
import type { Store } from '../bindings/store.js';
import { typingStore } from '../bindings/typing-store.js';
import { UploadTask, type UploadView, type UploadWish } from '../bindings/upload-task.js';
import type { UploadedFile } from '../files/records.js';
import { useClient, useContext } from './context.js';

export { ChatProvider, type ChatProviderProps, useClient } from './context.js';
export type { ChatListView, ConnectionView, DraftView, MessagesView, UnreadView, UploadView, UploadWish };

function useStore<T>(store: Store<T>): T {
  return useSyncExternalStore(store.subscribe, store.snapshot, () => store.initial);
}

/** Where the connection stands, and who one is. */
export function useConnection(): ConnectionView & { readonly client: ChatClient } {
  const client = useClient();
  const view = useStore(useMemo(() => connectionStore(client), [client]));
  return useMemo(() => ({ ...view, client }), [view, client]);
}

/** The list of chats, kept up to date. */
export function useChatList(): ChatListView {
  const client = useClient();
  return useStore(useMemo(() => chatListStore(client), [client]));
}

/** How much is unread, over all chats. */
export function useUnread(): UnreadView {
  const client = useClient();
  return useStore(useMemo(() => unreadStore(client), [client]));
}

export interface UseChat {
  /** For what is done in a chat: `send`, `markRead`, `react`, `edit` … */
  readonly chat: Chat;
  /** Undefined until it is in the list or was opened. */
  readonly summary: ChatSummary | undefined;
}

/** One chat, without its messages. */
export function useChat(chatId: number): UseChat {
  const client = useClient();
  const summary = useStore(useMemo(() => chatStore(client, chatId), [client, chatId]));
  return useMemo(() => ({ chat: client.chat(chatId), summary }), [client, chatId, summary]);
}

export interface UseMessages extends MessagesView {
  loadOlder(): Promise<void>;
  reload(): void;
}

/** The messages of a chat, which is open while this component is. `window`: how many it begins with, default 50. */
export function useMessages(chatId: number, options: { readonly window?: number } = {}): UseMessages {
  const client = useClient();
  const { window } = options;
  const store = useMemo(() => messagesStore(client, chatId, window), [client, chatId, window]);
  const view = useStore(store);
  return useMemo(() => ({ ...view, loadOlder: store.loadOlder, reload: store.reload }), [view, store]);
}

export interface UseTyping {
  /** Principals who type in this chat now. */
  readonly typists: readonly number[];
  /** One types oneself: call it at every keystroke. It ends with the component. */
  start(): void;
  stop(): void;
}

/** Who types in a chat, and that one types oneself. */
export function useTyping(chatId: number): UseTyping {
  const client = useClient();
  const store = useMemo(() => typingStore(client, chatId), [client, chatId]);
  const typists = useStore(store);
  return useMemo(() => ({ typists, start: store.start, stop: store.stop }), [typists, store]);
}

/** One person's presence, followed while this component is there: do not use `createPresences` beside it. Undefined while unknown. */
export function usePresence(principalId: number): Presence | undefined {
  const client = useClient();
  return useStore(useMemo(() => presenceStore(client, principalId), [client, principalId]));
}

/** One person's name: undefined while unknown; it is then asked for. */
export function usePrincipalName(principalId: number): string | undefined {
  const client = useClient();
  return useStore(useMemo(() => nameStore(client, principalId), [client, principalId]));
}

export interface UseDraft extends DraftView {
  /** Stored when the person pauses, and when the component goes. */
  setText(text: string): void;
  setReplyTo(sequence: number | null): void;
  /** Sends it, and the draft is empty. Null if there is nothing to send. */
  send(content?: MessageContent): OutgoingMessage | null;
  /** Stores it now. */
  flush(): Promise<void>;
}

/** What is being written in a chat, on all one's devices. */
export function useDraft(chatId: number): UseDraft {
  const client = useClient();
  const box = useMemo(() => draftBox(client, chatId), [client, chatId]);
  const view = useStore(box.store);
  const setText = useCallback((text: string) => box.set(text), [box]);
  const setReplyTo = useCallback((sequence: number | null) => box.set(box.store.snapshot().text, sequence), [box]);
  const send = useCallback((content?: MessageContent) => box.send(content), [box]);
  const flush = useCallback(() => box.flush(), [box]);
  return useMemo(() => ({ ...view, setText, setReplyTo, send, flush }), [view, setText, setReplyTo, send, flush]);
}

export interface UseUpload extends UploadView {
  /** Uploads a file in place of what ran before. Null where it was paused, given up or failed: `state` and `error` say which. */
  start(file: Blob, wish?: UploadWish): Promise<UploadedFile | null>;
  pause(): void;
  /** Goes on with what was paused or failed. */
  resume(): Promise<UploadedFile | null>;
  /** Gives up what is not done, here and at the server. */
  cancel(): Promise<void>;
}

/** An upload with its progress, by the files of the provider. What runs when the component goes is paused. */
export function useUpload(): UseUpload {
  const { files } = useContext();
  if (files === undefined) throw new Error('useUpload needs files: <ChatProvider client={client} files={createFiles({ url, token })}>.');
  const task = useMemo(() => new UploadTask(files), [files]);
  const view = useStore(task.store);
  const start = useCallback((file: Blob, wish?: UploadWish) => task.start(file, wish), [task]);
  const pause = useCallback(() => task.pause(), [task]);
  const resume = useCallback(() => task.resume(), [task]);
  const cancel = useCallback(() => task.cancel(), [task]);
  return useMemo(() => ({ ...view, start, pause, resume, cancel }), [view, start, pause, resume, cancel]);
}
