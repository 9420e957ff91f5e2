import { type ComputedRef, computed, type MaybeRefOrGetter, type ShallowRef, toValue, type WritableComputedRef } from 'vue';
import type { Chat, ChatClient, ChatItem, ChatSummary, MessageContent, OutgoingMessage, Presence } from '../api.js';
import { chatStore, messagesStore } from '../bindings/chat-stores.js';
import {
  type ChatListView,
  type ConnectionView,
  chatListStore,
  connectionStore,
  nameStore,
  type UnreadView,
  unreadStore,
} from '../bindings/client-stores.js';
import { draftBox } from '../bindings/draft-box.js';
import { presenceStore } from '../bindings/presence-store.js';
import { typingStore } from '../bindings/typing-store.js';
import { UploadTask, type UploadView, type UploadWish } from '../bindings/upload-task.js';
import type { ChatError } from '../errors.js';
import type { UploadedFile } from '../files/records.js';
import { useContext } from './context.js';
import { follow } from './follow.js';

export type { MessagesView } from '../bindings/chat-stores.js';
export type { UploadView, UploadWish } from '../bindings/upload-task.js';
export { type ChatContext, type ChatExtras, chatPlugin, provideChat, useClient } from './context.js';
export type { ChatListView, ConnectionView, UnreadView };

/** The fields of a view, each as a ref. */
export type Fields<View> = { readonly [Name in keyof View]: ComputedRef<View[Name]> };

/** Each field of a view as a ref, so that a composable's answer can be taken apart. */
function fields<View extends object>(view: Readonly<ShallowRef<View>>, names: readonly (keyof View)[]): Fields<View> {
  return Object.fromEntries(names.map((name) => [name, computed(() => view.value[name])])) as Fields<View>;
}

/** Where the connection stands, and who one is. */
export function useConnection(): Fields<ConnectionView> & { readonly client: ChatClient } {
  const { client } = useContext();
  return { client, ...fields(follow(client, connectionStore).value, ['state', 'isOnline', 'me']) };
}

/** The list of chats, kept up to date. */
export function useChatList(): Fields<ChatListView> {
  const { client } = useContext();
  return fields(follow(client, chatListStore).value, ['items', 'hasMore']);
}

/** How much is unread, over all chats. */
export function useUnread(): Fields<UnreadView> {
  const { client } = useContext();
  return fields(follow(client, unreadStore).value, ['messages', 'chats']);
}

export interface UseChat {
  /** For what is done in a chat: `send`, `markRead`, `react`, `edit` … */
  readonly chat: ComputedRef<Chat>;
  /** Undefined until it is in the list or was opened. */
  readonly summary: Readonly<ShallowRef<ChatSummary | undefined>>;
}

/** One chat, without its messages. */
export function useChat(chatId: MaybeRefOrGetter<number>): UseChat {
  const { client } = useContext();
  return {
    chat: computed(() => client.chat(toValue(chatId))),
    summary: follow(chatId, (id) => chatStore(client, id)).value,
  };
}

export interface UseMessages {
  /** Ascending by sequence; own messages on their way come last. */
  readonly items: ComputedRef<readonly ChatItem[]>;
  readonly hasOlder: ComputedRef<boolean>;
  /** Where what was not read began when the chat was opened; null if no message was among it. */
  readonly unreadAt: ComputedRef<number | null>;
  readonly isLoading: ComputedRef<boolean>;
  /** Why the messages could not be had. For a passing reason they are asked for again when the connection is back, otherwise by `reload`. */
  readonly error: ComputedRef<ChatError | null>;
  loadOlder(): Promise<void>;
  reload(): void;
}

/** The messages of a chat, which is open while this component is. `window`: how many it begins with, default 50. */
export function useMessages(chatId: MaybeRefOrGetter<number>, options: { readonly window?: number } = {}): UseMessages {
  const { client } = useContext();
  const { store, value } = follow(chatId, (id) => messagesStore(client, id, options.window));
  return {
    ...fields(value, ['items', 'hasOlder', 'unreadAt', 'isLoading', 'error']),
    loadOlder: () => store.value.loadOlder(),
    reload: () => store.value.reload(),
  };
}

export interface UseTyping {
  /** Principals who type in this chat now. */
  readonly typists: Readonly<ShallowRef<readonly number[]>>;
  /** One types oneself: call it at every keystroke. It ends with the component. */
  start(): void;
  stop(): void;
}

/** Who types in a chat, and that one types oneself. */
export function useTyping(chatId: MaybeRefOrGetter<number>): UseTyping {
  const { client } = useContext();
  const { store, value } = follow(chatId, (id) => typingStore(client, id));
  return { typists: value, start: () => store.value.start(), stop: () => store.value.stop() };
}

/** One person's presence, followed while this component is there: do not use `createPresences` beside it. Undefined while unknown. */
export function usePresence(principalId: MaybeRefOrGetter<number>): Readonly<ShallowRef<Presence | undefined>> {
  const { client } = useContext();
  return follow(principalId, (id) => presenceStore(client, id)).value;
}

/** One person's name: undefined while unknown; it is then asked for. */
export function usePrincipalName(principalId: MaybeRefOrGetter<number>): Readonly<ShallowRef<string | undefined>> {
  const { client } = useContext();
  return follow(principalId, (id) => nameStore(client, id)).value;
}

export interface UseDraft {
  /** For `v-model`: what is written is stored when the person pauses, and when the component goes. */
  readonly text: WritableComputedRef<string>;
  /** The message that it answers. */
  readonly replyTo: WritableComputedRef<number | null>;
  /** Sends it, and the draft is empty. Null if there is nothing to send. */
  send(content?: MessageContent): OutgoingMessage | null;
  /** Stores it now. */
  flush(): Promise<void>;
}

/** What is being written in a chat, on all one's devices. */
export function useDraft(chatId: MaybeRefOrGetter<number>): UseDraft {
  const { client } = useContext();
  const box = computed(() => draftBox(client, toValue(chatId)));
  const { value } = follow(box, ({ store }) => store);
  return {
    text: computed({ get: () => value.value.text, set: (text) => box.value.set(text) }),
    replyTo: computed({ get: () => value.value.replyTo, set: (replyTo) => box.value.set(value.value.text, replyTo) }),
    send: (content) => box.value.send(content),
    flush: () => box.value.flush(),
  };
}

export interface UseUpload extends Fields<UploadView> {
  /** Uploads a file in place of what ran before. Null where it was paused, given up or failed: `state` and `error` say which. */
  start(file: Blob, wish?: UploadWish): Promise<UploadedFile | null>;
  pause(): void;
  /** Goes on with what was paused or failed. */
  resume(): Promise<UploadedFile | null>;
  /** Gives up what is not done, here and at the server. */
  cancel(): Promise<void>;
}

/** An upload with its progress, by the files that were provided. What runs when the component goes is paused. */
export function useUpload(): UseUpload {
  const { files } = useContext();
  if (files === undefined) throw new Error('useUpload needs files: provideChat(client, { files: createFiles({ url, token }) }).');
  const task = new UploadTask(files);
  return {
    ...fields(follow(task, ({ store }) => store).value, ['state', 'sentBytes', 'totalBytes', 'file', 'error']),
    start: (file, wish) => task.start(file, wish),
    pause: () => task.pause(),
    resume: () => task.resume(),
    cancel: () => task.cancel(),
  };
}
