// An SDK without a server, with a few people in it: for looking at the page (`npx vite --mode fake`), never part of the product.
import type {
  AccountSession,
  Chat,
  ChatClient,
  ChatEvent,
  ChatItem,
  ChatSettings,
  ChatSummary,
  ClientEvents,
  ConnectionState,
  Files,
  Groups,
  LinkPreviews,
  Member,
  MemberReceipt,
  Mentions,
  MessageActions,
  MessageWindow,
  OutgoingMessage,
  Passkey,
  Passkeys,
  Presences,
  Receipts,
  Search,
  SendState,
  StarredMessages,
  StoredSession,
  TokenStore,
  Typing,
} from '../../../../ts-sdk/src/index';

export { localStorageStore, memoryStore } from '../../../../ts-sdk/src/account/token-store';
export { eventKinds } from '../../../../ts-sdk/src/codes';
export * as errorCodes from '../../../../ts-sdk/src/error-codes';
export { errorName } from '../../../../ts-sdk/src/error-name';
export { ChatError } from '../../../../ts-sdk/src/errors';
export * as inboxKinds from '../../../../ts-sdk/src/inbox-kinds';
export { firstLink } from '../../../../ts-sdk/src/links/link-previews';
export { createCalls, createPeerCall } from './fakeCalls';
export { createNotices, createPush, followNotices } from './fakeNotices';
export { createAvatars, createJoining, createScheduled, createSecurity, followScheduled } from './fakeShared';
export { createPeople, createStatuses, followStatuses } from './fakeStatuses';

const Me = 1;
const names: Readonly<Record<number, string>> = {
  1: 'Anna Berger',
  2: 'Ben Okafor',
  3: 'Carla Núñez',
  4: 'דנה לוי',
  5: '佐藤 健',
  6: 'Eva Lindqvist',
  7: 'Farid Haddad',
  8: 'Grace Kim',
};
const Minute = 60_000;
const started = Date.now();
const words = 'the quick answer is that we ship on Friday after the review and the numbers look good so far let us meet at noon'.split(' ');

function sessionOf(held: StoredSession, store: TokenStore): AccountSession {
  const end = async () => {
    await store.clear();
  };
  const session = { principalId: held.principalId, name: held.name, token: async () => 'fake', signOut: end, signOutEverywhere: end };
  return session as unknown as AccountSession;
}

export async function signIn({ store }: { store: TokenStore }): Promise<AccountSession> {
  const held = { principalId: Me, name: names[Me] ?? '', accessToken: 'a', accessTokenExpiresAtMs: 0, refreshToken: 'r' };
  await store.save(held);
  return sessionOf(held, store);
}
export const register = signIn;

export async function restoreSession({ store }: { store: TokenStore }): Promise<AccountSession | null> {
  const held = await store.load();
  return held ? sessionOf(held, store) : null;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
interface FakeChat {
  summary: Mutable<ChatSummary>;
  log: ChatItem[];
  from: number;
}

function makeChat(
  id: number,
  peer: number | null,
  name: string | null,
  unread: number,
  ageMin: number,
  texts: readonly [number, string, number?][],
  filler = 0,
): FakeChat {
  const log: ChatItem[] = [];
  const add = (senderId: number, createdAtMs: number, rest: Partial<ChatItem>) => {
    const own = senderId === Me;
    log.push({
      chatId: id,
      sequence: log.length + 1,
      kind: 'message',
      senderId,
      createdAtMs,
      own,
      ...(own ? { state: 'read' as SendState } : {}),
      ...rest,
    });
  };
  const start = started - ageMin * Minute;
  add(peer ?? 2, start - 40 * 24 * 60 * Minute, { kind: 'chat_created', ...(name ? { text: name } : {}) });
  if (name) add(2, start - 39.9 * 24 * 60 * Minute, { kind: 'member_added', subjectId: Me });
  for (let i = 0; i < filler; i++) {
    const length = 2 + ((i * 7919) % 40);
    const text = Array.from({ length }, (_, k) => words[(i * 31 + k * 7) % words.length]).join(' ');
    add([Me, peer ?? 2, peer ?? 3, Me, peer ?? 6][(i * 13) % 5] ?? Me, start - (filler - i) * 9 * Minute - 24 * 60 * Minute, {
      text: `${i + 1}: ${text}`,
    });
  }
  texts.forEach(([sender, text, replyBack], i) => {
    add(sender, start - (texts.length - i) * 2 * Minute, { text, ...(replyBack ? { replyTo: log.length + 1 - replyBack } : {}) });
  });
  const last = log.at(-1) ?? null;
  const head = log.length;
  return {
    log,
    from: Math.max(0, head - 50),
    summary: {
      chatId: id,
      kind: peer === null ? 'group' : 'direct',
      name,
      role: 'admin',
      joinedAtSequence: 1,
      headSequence: head,
      deliveredUpTo: head,
      readUpTo: head - unread,
      unread,
      mentions: null,
      othersDeliveredUpTo: head,
      othersReadUpTo: head - 2,
      memberCount: peer === null ? 5 : 2,
      peerId: peer,
      peerName: peer === null ? null : (names[peer] ?? null),
      lastItem: last,
      createdAtMs: start,
      lastActivityMs: last?.createdAtMs ?? start,
      own: { archived: false, pinned: false, markedUnread: false, mutedUntilMs: null, theme: null, clearedUpTo: null, draft: null },
      details: { sendRole: 'member', editRole: 'admin', addRole: 'admin', description: null, avatar: null, theme: null, handle: null },
    },
  };
}

const size = Number(new URLSearchParams(globalThis.location?.search ?? '').get('size') ?? 400);
const chats = new Map<number, FakeChat>(
  [
    makeChat(
      11,
      2,
      null,
      0,
      1,
      [
        [2, 'Morning! Did the build finish?'],
        [Me, 'Yes, green on both machines. Details: https://ci.example.com/runs/4411'],
        [2, 'Great news 🎉'],
        [2, 'Then I will write the release notes now and send you a draft before lunch. Anything that I must not forget?'],
        [Me, 'The migration takes the lock for about 2 s. Please say so.', 2],
        [2, 'Will do.'],
        [Me, 'Thanks!'],
      ],
      size,
    ),
    makeChat(
      12,
      null,
      'Launch team',
      4,
      3,
      [
        [3, 'I moved the review to 15:00'],
        [6, 'Works for me'],
        [Me, 'Me too'],
        [2, 'The new numbers are in: 412 k messages a second on one node.'],
        [2, 'And nothing lost.'],
        [3, 'Wow. Can we show that on Friday?', 2],
        [7, 'שלום לכולם, אני מצטרף מחר'],
      ],
      60,
    ),
    makeChat(
      13,
      3,
      null,
      0,
      55,
      [
        [3, 'See you at the station'],
        [Me, 'On my way, ten minutes'],
      ],
      5,
    ),
    makeChat(14, 4, null, 1, 300, [[4, 'תודה רבה על העזרה!']], 5),
    makeChat(15, 5, null, 0, 1500, [[Me, '了解しました。明日お願いします。']], 5),
    makeChat(
      16,
      8,
      null,
      0,
      5000,
      [[8, 'The photos are lovely, thank you so much for sending them over. We looked at them all evening.']],
      5,
    ),
    makeChat(17, null, 'Book club', 0, 12_000, [[8, 'Next one: “The Left Hand of Darkness”']], 5),
  ].map((chat) => [chat.summary.chatId, chat]),
);

type Handlers = { [K in keyof ClientEvents]?: Set<(payload: ClientEvents[K]) => void> };

export function createClient(): ChatClient {
  const handlers: Handlers = {};
  const perChat = new Map<number, Set<() => void>>();
  let state: ConnectionState = { kind: 'connecting', since: 0, attempt: 1 };
  const emit = <K extends keyof ClientEvents>(event: K, payload: ClientEvents[K]) => {
    for (const handler of handlers[event] ?? []) handler(payload);
  };
  const list = {
    get items() {
      return [...chats.values()].map((c) => ({ ...c.summary })).sort((a, b) => b.lastActivityMs - a.lastActivityMs);
    },
    hasMore: false,
    version: 1,
    loadMore: async () => undefined,
  };
  const changed = (id: number) => {
    emit('chats', list);
    for (const handler of perChat.get(id) ?? []) handler();
  };
  const replace = (chat: FakeChat, clientMessageId: string, rest: Partial<ChatItem>) => {
    chat.log = chat.log.map((item) => (item.clientMessageId === clientMessageId ? { ...item, ...rest } : item));
    chat.summary.lastItem = chat.log.at(-1) ?? null;
    changed(chat.summary.chatId);
  };
  const receive = (chat: FakeChat, senderId: number, text: string) => {
    const event: ChatEvent = {
      chatId: chat.summary.chatId,
      sequence: chat.log.length + 1,
      kind: 'message',
      senderId,
      createdAtMs: Date.now(),
      own: false,
      text,
    };
    chat.log = [...chat.log, event];
    Object.assign(chat.summary, {
      lastItem: event,
      headSequence: event.sequence,
      unread: chat.summary.unread + 1,
      lastActivityMs: event.createdAtMs,
    });
    emit('message', event);
    changed(chat.summary.chatId);
  };

  function handle(id: number): Chat {
    const chat = chats.get(id);
    const need = () => {
      if (!chat) throw new Error('no such chat');
      return chat;
    };
    const window = (): MessageWindow => ({
      items: chat?.log.slice(chat.from) ?? [],
      hasOlder: (chat?.from ?? 0) > 0,
      unreadAt: chat && chat.summary.unread > 0 ? chat.summary.readUpTo + 1 : null,
      version: 1,
    });
    const out: Partial<Chat> = {
      id,
      open: async () => void need(),
      close: () => undefined,
      loadOlder: async () => {
        await new Promise((done) => setTimeout(done, 60));
        need().from = Math.max(0, need().from - 50);
        changed(id);
      },
      on: (_event, handler) => {
        const set = perChat.get(id) ?? new Set();
        perChat.set(id, set);
        const h = handler as () => void;
        set.add(h);
        return () => void set.delete(h);
      },
      send: ({ text, replyTo, content }) => {
        const c = need();
        const clientMessageId = crypto.randomUUID().replaceAll('-', '');
        const outgoing = { retry: () => replace(c, clientMessageId, { state: 'sent' }), cancel: () => true } as unknown as OutgoingMessage;
        const item: ChatItem = {
          chatId: id,
          sequence: null,
          kind: 'message',
          senderId: Me,
          createdAtMs: Date.now(),
          clientMessageId,
          text,
          own: true,
          state: 'queued',
          outgoing,
          ...(replyTo === undefined ? {} : { replyTo }),
          ...(content === undefined ? {} : { content }),
        };
        c.log = [...c.log, item];
        Object.assign(c.summary, { lastItem: item, lastActivityMs: item.createdAtMs });
        changed(id);
        const fails = text.includes('fail');
        setTimeout(() => replace(c, clientMessageId, fails ? { state: 'failed' } : { state: 'sent', sequence: c.log.length }), 150);
        if (!fails) setTimeout(() => replace(c, clientMessageId, { state: 'read' }), 900);
        return outgoing;
      },
      markRead: (sequence = 0) => {
        const c = need();
        c.summary.readUpTo = Math.max(c.summary.readUpTo, sequence);
        c.summary.unread = c.log.filter((i) => !i.own && (i.sequence ?? 0) > c.summary.readUpTo).length;
        changed(id);
      },
      history: async ({ after = 0 } = {}) => {
        const events = need().log.slice(after, after + 1) as ChatEvent[];
        return { epoch: 1, headSequence: need().log.length, events, coversFrom: after + 1, coversTo: after + 1, hasMore: false };
      },
      members: async () =>
        [1, 2, 3, 6, 7].map(
          (p): Member => ({
            principalId: p,
            name: names[p] ?? '',
            role: p < 3 ? 'admin' : 'member',
            deliveredUpTo: 0,
            readUpTo: 0,
            joinedAtSequence: 1,
          }),
        ),
    };
    Object.defineProperties(out, {
      messages: { get: window },
      summary: { get: () => (chat ? { ...chat.summary } : undefined) },
    });
    return out as Chat;
  }

  const client = {
    me: { principalId: Me, name: names[Me] ?? '' },
    get state() {
      return state;
    },
    chats: list,
    connect: async () => {
      await new Promise((done) => setTimeout(done, 30));
      const from = state;
      state = { kind: 'online', since: 0, attempt: 1, sessionId: 1 };
      emit('state', { from, to: state });
      emit('chats', list);
    },
    close: async () => undefined,
    on: <K extends keyof ClientEvents>(event: K, handler: (payload: ClientEvents[K]) => void) => {
      const set = (handlers[event] ?? new Set()) as Set<typeof handler>;
      Object.assign(handlers, { [event]: set });
      set.add(handler);
      return () => void set.delete(handler);
    },
    chat: handle,
    openDirect: async (id: number) => handle(id === 2 ? 11 : 13),
    principalName: (id: number) => names[id],
  };
  Object.assign(globalThis, {
    fakeChat: {
      receive: (id: number, text: string, sender = 2) => receive(chats.get(id) as FakeChat, sender, text),
      state: (to: ConnectionState) => {
        const from = state;
        state = to;
        emit('state', { from, to });
      },
    },
  });
  return client as unknown as ChatClient;
}

export function createFiles(): Pick<Files, 'link'> {
  return { link: () => Promise.reject(new Error('There is no file here.')) };
}

export function createGroups(client: Pick<ChatClient, 'chat'>): Groups {
  const nothing = async () => undefined;
  return { create: async () => client.chat(12), rename: nothing, add: nothing, remove: nothing, setRole: nothing, leave: nothing };
}

export function createMessageActions(): Pick<MessageActions, 'pinned' | 'reactions'> {
  return { pinned: async () => [], reactions: async () => [] };
}

export function createPresences(): Presences {
  const of = (id: number) => {
    const online = id === 2 || id === 4;
    return { principalId: id, online, lastSeenMs: online ? null : started - id * 50 * Minute };
  };
  return { watch: async () => [], of, close: () => undefined };
}

export function createTyping(): Typing {
  const nothing = () => undefined;
  return { typists: (chatId) => (chatId === 12 ? [6] : []), start: nothing, stop: nothing, close: nothing };
}

export function createStarred(): StarredMessages {
  return { list: async () => ({ messages: [], nextCursor: null }) };
}

export function createMentions(): Mentions {
  return { of: () => null, list: async () => ({ messages: [], nextCursor: null }), close: () => undefined };
}

export function createReceipts(): Receipts {
  return {
    info: async (chatId) => {
      const members = chats.get(chatId)?.summary.memberCount ?? 2;
      const at = (minutes: number) => new Date(Math.floor(started / Minute - minutes) * Minute).toISOString();
      const others = Array.from({ length: members - 1 }, (_, i): MemberReceipt => {
        const [delivered, read] = [i < 3, i < 2];
        return { principalId: i + 2, delivered, read, deliveredAt: delivered ? at(9 - i) : null, readAt: i === 0 ? at(4) : null };
      });
      const count = (is: (one: MemberReceipt) => boolean) => others.filter(is).length;
      return {
        members: others,
        deliveredCount: count((one) => one.delivered),
        readCount: count((one) => one.read),
        memberCount: others.length,
        nextCursor: null,
      };
    },
  };
}

export const passkeysWork = () => true;
export const signInWithPasskey = signIn;

export function createPasskeys(): Passkeys {
  let next = 3;
  let kept: Passkey[] = [
    { passkeyId: 1, name: 'My phone', createdAtMs: started - 57_600 * Minute, lastUsedAtMs: started - 2 * Minute, backedUp: true },
    {
      passkeyId: 2,
      name: 'The grey key with a very long name that is on the key ring',
      createdAtMs: started - 1_440 * Minute,
      lastUsedAtMs: null,
      backedUp: false,
    },
  ];
  return {
    list: async () => kept,
    add: async ({ name }) => {
      const added = { passkeyId: next++, name, createdAtMs: Date.now(), lastUsedAtMs: null, backedUp: false };
      kept = [...kept, added];
      return added;
    },
    rename: async () => {
      throw new Error('The page renames no passkeys.');
    },
    remove: async (passkeyId) => {
      kept = kept.filter((one) => one.passkeyId !== passkeyId);
    },
  };
}

export function createChatSettings(): ChatSettings {
  const nothing = async () => undefined;
  return new Proxy({} as ChatSettings, { get: () => nothing });
}

export function createSearch(): Search {
  return {
    messages: async () => ({ messages: [], nextCursor: null }),
    names: async () => ({ people: [], chats: [], nextCursor: null }),
  };
}

export function createLinkPreviews(): LinkPreviews {
  return {
    read: async (url) => ({ preview: { url, title: 'A page', description: `What is at ${url}`, siteName: 'Example', token: 'made-up' } }),
  };
}
