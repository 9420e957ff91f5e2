// @vitest-environment happy-dom
import type { ChatItem } from '@chat/sdk';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createApp, defineComponent, h, ref, shallowRef } from 'vue';
import type { Conversation } from '../../src/conversation/useConversation';
import { i18n } from '../../src/i18n';
import { provideMessageActions } from '../../src/message/actions/useMessageActions';
import MessageList from '../../src/message/MessageList.vue';

const server = { url: 'https://chat.example', token: () => Promise.reject(new Error('signed out')) };
const client = {
  on: () => () => undefined,
  chat: () => ({ summary: undefined }),
};
vi.mock('../../src/connection/useConnection', () => ({
  useConnection: () => ({ client, server, messageActions: {}, meId: 1, nameOf: (id: number) => ({ 2: 'Ben', 3: 'Chloe' })[id] }),
}));

const ViewPx = 500;
let contentPx = 0;

beforeEach(() => {
  const metric = (name: string, of: (box: Element) => number) =>
    vi.spyOn(HTMLElement.prototype, name as 'clientHeight', 'get').mockImplementation(function (this: HTMLElement) {
      return of(this);
    });
  metric('clientHeight', () => ViewPx);
  metric('offsetHeight', (box) => (box.getAttribute('role') === 'feed' ? ViewPx : 40));
  metric('offsetWidth', () => 400);
  metric('scrollHeight', () => contentPx);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  document.body.replaceChildren();
});

const message = (sequence: number, rest: Partial<ChatItem> = {}): ChatItem => ({
  chatId: 7,
  sequence,
  kind: 'message',
  senderId: 2,
  createdAtMs: sequence * 1_000,
  own: false,
  text: `text ${sequence}`,
  ...rest,
});

function mount(items: ChatItem[], unreadFrom: number | null, removed = false) {
  const told: boolean[] = [];
  const conversation = {
    chat: { history: async () => ({ events: [] }) },
    items: shallowRef(items),
    hasOlder: ref(false),
    loadingOlder: ref(false),
    unreadFrom: ref(unreadFrom),
    summary: shallowRef({ kind: 'group', role: 'member', details: { sendRole: 'member' } }),
    removed: ref(removed),
    loadOlder: async () => undefined,
    setAtEnd: (now: boolean) => told.push(now),
  } as unknown as Conversation;
  const page = defineComponent({
    setup() {
      provideMessageActions(conversation, { reply: () => undefined, info: () => undefined });
      return () => h(MessageList, { conversation });
    },
  });
  const app = createApp(page);
  app.use(i18n).mount(document.body.appendChild(document.createElement('div')));
  return { told, close: () => app.unmount() };
}

const press = (key: string) =>
  document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
const focused = () => document.activeElement?.getAttribute('aria-label');

it('a list that opens at the divider, with more below than the screen shows, never says that its end was seen', async () => {
  contentPx = 4_000;
  const items = Array.from({ length: 60 }, (_, i) => message(i + 1));
  const { told, close } = mount(items, 3);
  await vi.waitFor(() => expect(told.length).toBeGreaterThan(0));
  expect(told).not.toContain(true);
  close();
});

it('when all that is unread fits on the screen, its end was seen', async () => {
  contentPx = 300;
  const { told, close } = mount([message(1), message(2)], 2);
  expect(told).toEqual([]);
  await vi.waitFor(() => expect(told).toContain(true));
  close();
});

it('the keyboard reaches the quote and the actions of a message, and comes back', async () => {
  contentPx = 300;
  const { close } = mount([message(1, { senderId: 3 }), message(2, { replyTo: 1 })], null);
  await vi.waitFor(() => expect(document.querySelectorAll('[role="article"]').length).toBe(2));
  const row = document.querySelectorAll<HTMLElement>('[role="article"]')[1];
  const name = row
    ?.getAttribute('aria-labelledby')
    ?.split(' ')
    .map((id) => document.getElementById(id)?.textContent ?? '');
  expect(name?.join(' ')).toMatch(/^Ben, .*text 2/u);

  row?.focus();
  press('Enter');
  expect(focused()).toBe('Reply');
  press('ArrowRight');
  expect(focused()).toBe('React');
  press('ArrowRight');
  expect(focused()).toBe('More actions');
  for (let step = 0; step < 3; step++) press('ArrowLeft');
  expect(document.activeElement?.textContent).toBe('Go to the quoted message:Chloetext 1');
  press('Escape');
  expect(document.activeElement).toBe(row);
  close();
});

it('beside an own message the arrows go the way the eye does: the actions from the outside, then the bubble', async () => {
  contentPx = 300;
  const { close } = mount([message(1, { own: true, senderId: 1, state: 'sent', text: 'see https://x.example' })], null);
  await vi.waitFor(() => expect(document.querySelectorAll('[role="article"]').length).toBe(1));
  document.querySelector<HTMLElement>('[role="article"]')?.focus();
  press('Enter');
  expect(focused()).toBe('Reply');
  press('ArrowLeft');
  expect(focused()).toBe('React');
  press('ArrowRight');
  press('ArrowRight');
  expect(document.activeElement?.tagName).toBe('A');
  close();
});

it('who was removed has no reply and no reaction, and still a menu', async () => {
  contentPx = 300;
  const { close } = mount([message(1)], null, true);
  await vi.waitFor(() => expect(document.querySelectorAll('[role="article"]').length).toBe(1));
  const labels = [...document.querySelectorAll('[data-actions] button')].map((button) => button.getAttribute('aria-label'));
  expect(labels).toEqual(['More actions']);
  close();
});
