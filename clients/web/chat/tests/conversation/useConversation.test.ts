// @vitest-environment happy-dom
import { ChatError, type ChatItem, errorCodes } from '@chat/sdk';
import { afterEach, expect, it, vi } from 'vitest';
import { effectScope } from 'vue';
import { draftOf, setDraft } from '../../src/composer/useDraft';
import { useConversation } from '../../src/conversation/useConversation';

const fake = vi.hoisted(() => ({ connection: undefined as unknown }));
vi.mock('../../src/connection/useConnection', () => ({ useConnection: () => fake.connection }));
vi.mock('../../src/connection/useErrors', () => ({ useErrors: () => ({ toast: () => undefined }) }));
afterEach(() => vi.restoreAllMocks());

const message = (sequence: number) => ({ sequence, kind: 'message', senderId: 2, own: false, text: 'x' }) as ChatItem;

/** A chat of 20 messages, read up to 5, in a page that has the focus or not. `fault`: of opening it the first time. */
async function open({ focused = true, unreadAt = 6 as number | null, fault = null as ChatError | null } = {}) {
  vi.spyOn(document, 'hasFocus').mockImplementation(() => page.focused);
  const page = { focused };
  const marks: number[] = [];
  const listeners: Record<string, ((event?: unknown) => void)[]> = {};
  const list = { items: [{ chatId: 7 }] };
  const chat = {
    id: 7,
    summary: { chatId: 7, readUpTo: unreadAt === null ? 20 : 5 },
    messages: { items: Array.from({ length: 20 }, (_, i) => message(i + 1)), hasOlder: false, unreadAt },
    loadOlder: async (): Promise<void> => undefined,
    tell: (): void => undefined,
    opened: 0,
    open: async () => {
      chat.opened += 1;
      if (chat.fault) throw chat.fault;
    },
    close: () => {
      chat.opened -= 1;
    },
    fault,
    on: (_: string, handler: () => void) => {
      chat.tell = handler;
      return () => undefined;
    },
    markRead: (upTo: number) => marks.push(upTo),
  };
  const on = (event: string, handler: () => void) => {
    listeners[event] = [...(listeners[event] ?? []), handler];
    return () => undefined;
  };
  fake.connection = { meId: 1, client: { chat: () => chat, chats: list, on } };
  const scope = effectScope();
  const conversation = scope.run(() => useConversation(7));
  if (!conversation) throw new Error('the scope is active');
  await vi.waitFor(() => expect(conversation.phase.value).not.toBe('loading'));
  const tell = (event: string, payload?: unknown) => {
    for (const listener of listeners[event] ?? []) listener(payload);
  };
  const tellList = () => tell('chats');
  return { conversation, chat, marks, page, list, tell, tellList, end: () => scope.stop() };
}

it('a chat that could not be opened is tried again, when asked and with the next connection', async () => {
  const { conversation, chat, tell, end } = await open({ fault: new ChatError(errorCodes.busy, 'Not now.') });
  expect(conversation.phase.value).toBe('failed');
  conversation.retry();
  await vi.waitFor(() => expect(conversation.phase.value).toBe('failed'));
  chat.fault = null;
  tell('state', { to: { kind: 'waiting' } });
  expect(conversation.phase.value).toBe('failed');
  tell('state', { to: { kind: 'online' } });
  await vi.waitFor(() => expect(conversation.phase.value).toBe('open'));
  expect([conversation.items.value.length, chat.opened]).toEqual([20, 1]);
  tell('state', { to: { kind: 'online' } });
  expect([conversation.phase.value, chat.opened]).toEqual(['open', 1]);
  end();
  expect(chat.opened).toBe(0);
});

it.each([errorCodes.chat_not_found, errorCodes.not_a_member])(
  'a chat that one has no part in is not asked for again (%i)',
  async (code) => {
    const { conversation, chat, tell, end } = await open({ fault: new ChatError(code, 'No.') });
    expect(conversation.phase.value).toBe('gone');
    tell('state', { to: { kind: 'online' } });
    expect([conversation.phase.value, chat.opened]).toEqual(['gone', 1]);
    end();
  },
);

it('opening alone reads nothing; getting to the end does', async () => {
  const { conversation, marks, end } = await open();
  expect(marks).toEqual([]);
  conversation.setAtEnd(false);
  expect(marks).toEqual([]);
  conversation.setAtEnd(true);
  expect(marks).toEqual([20]);
  end();
});

it('a page without the focus reads nothing until it has it', async () => {
  const { conversation, marks, page, end } = await open({ focused: false });
  conversation.setAtEnd(true);
  expect(marks).toEqual([]);
  page.focused = true;
  dispatchEvent(new Event('focus'));
  await vi.waitFor(() => expect(marks).toEqual([20]));
  end();
});

it('who is taken from the list is removed, and is back with it', async () => {
  const { conversation, list, tellList, end } = await open({ unreadAt: null });
  expect(conversation.removed.value).toBe(false);
  list.items = [];
  tellList();
  expect(conversation.removed.value).toBe(true);
  list.items = [{ chatId: 7 }];
  tellList();
  expect(conversation.removed.value).toBe(false);
  end();
});

it.each([
  ['message', { chatId: 7, kind: 'chat_deleted', senderId: 2 }, { chatId: 8, kind: 'chat_deleted', senderId: 2 }],
  ['inbox', { kind: 9, subjectId: 7, senderId: 2, text: 'deleted' }, { kind: 9, subjectId: 7, senderId: 2, text: null }],
])('of a chat that is deleted for everyone nothing is shown any more, as told by %s', async (event, told, other) => {
  const { conversation, chat, marks, list, tell, tellList, end } = await open({ unreadAt: null });
  tell(event, other);
  expect([conversation.deletedBy.value, conversation.items.value.length]).toEqual([null, 20]);
  setDraft(7, 'half written');
  list.items = [];
  tell(event, told);
  tellList();
  chat.tell();
  expect([conversation.deletedBy.value, conversation.items.value, conversation.removed.value]).toEqual([2, [], true]);
  expect([draftOf(7), marks]).toEqual(['', []]);
  end();
});

it('a jump waits for the older page that the list has asked for already', async () => {
  const { conversation, chat, end } = await open();
  const pages = [Array.from({ length: 30 }, (_, i) => message(i - 29))];
  let give: () => void = () => undefined;
  chat.messages.hasOlder = true;
  chat.loadOlder = () =>
    new Promise<void>((done) => {
      give = () => {
        chat.messages.items = [...(pages.pop() ?? []), ...chat.messages.items];
        chat.messages.hasOlder = false;
        done();
      };
    });
  chat.tell();

  const first = conversation.loadOlder();
  const jump = conversation.loadBackTo(-20);
  give();

  await first;
  expect(await jump).toBe(true);
  end();
});
