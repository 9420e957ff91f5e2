import {
  type AccountSession,
  type ChatClient,
  type ChatSettings,
  type ChatSummary,
  type ClientOptions,
  type ConnectionState,
  createChatSettings,
  createClient,
  createFiles,
  createGroups,
  createLinkPreviews,
  createMentions,
  createMessageActions,
  createPasskeys,
  createPresences,
  createReceipts,
  createSearch,
  createTyping,
  type Files,
  type Groups,
  type LinkPreviews,
  type MessageActions,
  type Passkeys,
  type Presence,
  type Presences,
  type Receipts,
  type Search,
  type TokenReason,
  type Typing,
  type UnreadMentions,
} from '@chat/sdk';
import { type InjectionKey, inject, onScopeDispose, provide, type Ref, ref, type ShallowRef, shallowRef, triggerRef } from 'vue';
import { isEnded } from '../account/endedAccounts';
import { useAccount } from '../account/useAccount';
import { outboxOf } from './outbox';
import { sharedConnection } from './tabs';

/** The page's connection, which it may share with other tabs, and what it knows, as refs. */
export interface Connection {
  readonly client: ChatClient;
  /** The address and tokens, for the parts of the SDK that are loaded later. */
  readonly server: Pick<ClientOptions, 'url' | 'token'>;
  readonly files: Files;
  readonly previews: LinkPreviews;
  readonly receipts: Receipts;
  readonly passkeys: Passkeys;
  readonly settings: ChatSettings;
  readonly groups: Groups;
  readonly messageActions: MessageActions;
  readonly presences: Presences;
  readonly typing: Typing;
  readonly search: Search;
  readonly meId: number;
  readonly meName: Readonly<Ref<string>>;
  readonly state: Readonly<ShallowRef<ConnectionState>>;
  /** `Date.now()` at which a waiting client tries again. */
  readonly retryAt: Readonly<Ref<number>>;
  readonly wasOnline: Readonly<Ref<boolean>>;
  /** The chat list is known: an empty one is empty. */
  readonly isListed: Readonly<Ref<boolean>>;
  readonly chats: Readonly<ShallowRef<readonly ChatSummary[]>>;
  readonly hasMoreChats: Readonly<Ref<boolean>>;
  /** Reads follow later changes. */
  nameOf(principalId: number): string | undefined;
  /** As of now: undefined while unknown, as all are while the connection is lost. */
  presenceOf(principalId: number): Presence | undefined;
  /** Who types in a chat now. */
  typistsOf(chatId: number): readonly number[];
  /** One has another name. What is kept of the session has it from its next token on. */
  learnName(name: string): void;
  /** The unread messages of a chat that mention the person. */
  mentionsOf(chatId: number): UnreadMentions | null;
}

const key: InjectionKey<Connection> = Symbol('connection');

/** Opens the connection for the lifetime of the calling component and hands it to everything below. */
export function provideConnection(session: AccountSession, onFault: (error: unknown) => void): Connection {
  const server = { url: location.origin, token: (why: TokenReason) => session.token(why) };
  const outbox = outboxOf(session.principalId);
  const account = useAccount();
  const shared = sharedConnection(account.device());
  const client = createClient({
    ...server,
    clientName: 'web-chat/0.1.0',
    ...(outbox && { outbox }),
    ...(shared && { transport: shared.transport }),
  });
  const state = shallowRef<ConnectionState>(client.state);
  const retryAt = ref(0);
  const wasOnline = ref(false);
  const isListed = ref(false);
  const chats = shallowRef<readonly ChatSummary[]>(client.chats.items);
  const hasMoreChats = ref(client.chats.hasMore);
  const meName = ref(session.name);
  const names = shallowRef(0);
  const presenceChanges = shallowRef(0);
  const presences = createPresences(client, () => (presenceChanges.value += 1));
  const typed = shallowRef(0);
  const typing = createTyping(client, () => (typed.value += 1));
  const mentioned = shallowRef(0);
  const mentions = createMentions(client, server, () => (mentioned.value += 1));

  const stops = [
    client.on('state', ({ to }) => {
      state.value = to;
      if (to.kind === 'waiting') retryAt.value = Date.now() + (to.retryAtMs - to.since);
      if (to.kind === 'online') wasOnline.value = true;
    }),
    client.on('chats', (list) => {
      chats.value = list.items;
      hasMoreChats.value = list.hasMore;
      triggerRef(chats); // the array may be the same object with other content
    }),
    client.on('principals', () => (names.value += 1)),
    client.on('error', onFault),
  ];
  onScopeDispose(() => {
    for (const stop of stops) stop();
    mentions.close();
    presences.close();
    typing.close();
    void client.close();
    shared?.close();
    // Signed out, nothing of the person's stays here; else the next page of theirs sends what waits, as it does where the session ended by itself.
    const stays = account.session.value === session || isEnded(session.principalId);
    void (stays ? outbox?.close() : outbox?.clear().catch(() => undefined));
  });

  const connection: Connection = {
    client,
    server,
    files: createFiles(server),
    previews: createLinkPreviews(server),
    receipts: createReceipts(server),
    passkeys: createPasskeys(server),
    settings: createChatSettings(server),
    groups: createGroups(client),
    messageActions: createMessageActions(client),
    presences,
    typing,
    search: createSearch(server),
    meId: session.principalId,
    meName,
    state,
    retryAt,
    wasOnline,
    isListed,
    chats,
    hasMoreChats,
    nameOf: (id) => (names.value, id === session.principalId ? meName.value : client.principalName(id)),
    typistsOf: (id) => (typed.value, typing.typists(id)),
    presenceOf: (id) => (presenceChanges.value, presences.of(id)),
    learnName(name) {
      if (name === meName.value) return;
      meName.value = name;
      session.token('rejected').catch(() => undefined); // a reload shows the old one until there is a token anyway
    },
    mentionsOf: (id) => (mentioned.value, mentions.of(id)),
  };
  provide(key, connection);
  client.connect().then(
    () => (isListed.value = true),
    () => undefined, // a reason that stays is in `state`, and the banner tells it
  );
  return connection;
}

export function useConnection(): Connection {
  const connection = inject(key);
  if (!connection) throw new Error('useConnection was called outside of the chat shell, which provides it.');
  return connection;
}
