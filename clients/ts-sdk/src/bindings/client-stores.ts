import type { ChatClient, ChatSummary } from '../api.js';
import type { ConnectionState } from '../connection/state.js';
import { createStore, kept, type Store, together } from './store.js';

export interface ConnectionView {
  readonly state: ConnectionState;
  readonly isOnline: boolean;
  /** Null until first online. */
  readonly me: { readonly principalId: number; readonly name: string } | null;
}

const idle: ConnectionView = { state: { kind: 'idle', since: 0 }, isOnline: false, me: null };

export function connectionStore(client: ChatClient): Store<ConnectionView> {
  return createStore({
    initial: idle,
    read: kept(
      () => [client.state, client.me?.principalId, client.me?.name],
      (state, principalId, name) => ({
        state,
        isOnline: state.kind === 'online',
        me: principalId === undefined || name === undefined ? null : { principalId, name },
      }),
    ),
    start: (changed) => client.on('state', changed),
  });
}

export interface ChatListView {
  /** The pinned ones, then the others, the most recently active first. */
  readonly items: readonly ChatSummary[];
  /** Not all chats are listed yet; they come by themselves. */
  readonly hasMore: boolean;
}

export function chatListStore(client: ChatClient): Store<ChatListView> {
  return createStore({
    initial: { items: [], hasMore: true },
    read: kept(
      () => [client.chats.items, client.chats.hasMore],
      (items, hasMore) => ({ items, hasMore }),
    ),
    start: (changed) => client.on('chats', changed),
  });
}

export interface UnreadView {
  /** Unread messages of all chats. */
  readonly messages: number;
  /** Chats with one, or marked as unread. */
  readonly chats: number;
}

export function unreadStore(client: ChatClient): Store<UnreadView> {
  const count = kept(
    () => [client.chats.items],
    (items) => ({
      messages: items.reduce((sum, chat) => sum + chat.unread, 0),
      chats: items.filter((chat) => chat.unread > 0 || chat.own.markedUnread).length,
    }),
  );
  return createStore({
    initial: { messages: 0, chats: 0 },
    // Twice: most changes of the list leave the numbers as they are.
    read: kept(
      () => [count().messages, count().chats],
      (messages, chats) => ({ messages, chats }),
    ),
    start: (changed) => client.on('chats', changed),
  });
}

/** Undefined while unknown; it is then asked for. */
export function nameStore(client: ChatClient, principalId: number): Store<string | undefined> {
  return createStore({
    initial: undefined,
    // Asking sets a timer, which nobody would wait for where the client is only rendered and never connected.
    read: () => (client.me === null ? undefined : client.principalName(principalId)),
    start: (changed) => together(client.on('principals', changed), client.on('state', changed)),
  });
}
