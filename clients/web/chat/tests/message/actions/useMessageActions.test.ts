// @vitest-environment happy-dom
import { ChatError, type ChatItem, errorCodes } from '@chat/sdk';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createApp, defineComponent, ref, shallowRef } from 'vue';
import { i18n } from '../../../src/i18n';
import { type MessageActions, provideMessageActions, QuickEditMs } from '../../../src/message/actions/useMessageActions';
import { item } from '../item';

const client = { on: () => () => undefined };
const server = { url: 'https://chat.example', token: () => Promise.reject(new Error('signed out')) };
const toast = vi.fn();
const messageActions = { react: vi.fn(async () => undefined), edit: vi.fn(async () => undefined), pin: vi.fn(async () => undefined) };
vi.mock('../../../src/connection/useConnection', () => ({ useConnection: () => ({ client, server, messageActions }) }));
vi.mock('../../../src/connection/useErrors', () => ({ useErrors: () => ({ toast }) }));

const now = new Date(2026, 10, 20, 12, 0).getTime();
beforeEach(() => void vi.useFakeTimers({ now, toFake: ['Date'] }));
afterEach(() => {
  vi.useRealTimers();
  toast.mockReset();
});

const own = (sequence: number, ageMs: number, rest: Partial<ChatItem> = {}) =>
  item(sequence, 0, { createdAtMs: now - ageMs, own: true, senderId: 1, text: `text ${sequence}`, ...rest });

function setup(items: ChatItem[]): MessageActions {
  let actions: MessageActions | undefined;
  const conversation = {
    items: shallowRef(items),
    summary: shallowRef({ kind: 'direct', role: 'member', details: { sendRole: 'member' } } as never),
    removed: ref(false),
  };
  const page = defineComponent({
    setup() {
      actions = provideMessageActions(conversation as never, { reply: () => undefined, info: () => undefined });
      return () => null;
    },
  });
  createApp(page).use(i18n).mount(document.createElement('div'));
  return actions as MessageActions;
}

it('the emoji that one has given is taken back, another one replaces it', async () => {
  const changes = { asOf: 9, editedAtMs: null, deletedAtMs: null, deletedBy: null, pinnedAtMs: null, ownReaction: '👍', reactions: [] };
  const actions = setup([]);
  await actions.react(own(5, 0, { changes }), '👍');
  await actions.react(own(5, 0, { changes }), '🎉');
  expect(messageActions.react.mock.calls).toEqual([
    [7, 5, null],
    [7, 5, '🎉'],
  ]);
});

it('↑ edits the last own message while it is fresh, and nothing else', () => {
  const other = item(3, 0, { createdAtMs: now, text: 'theirs' });
  const actions = setup([own(1, 2_000), own(2, 1_000), other]);
  expect(actions.editLast()).toBe(true);
  expect(actions.editing.value?.sequence).toBe(2);
  expect(setup([own(1, QuickEditMs), other]).editLast()).toBe(false);
  expect(setup([other]).editLast()).toBe(false);
});

it('what was refused as too late is told, and messages as old are not offered any more', async () => {
  const late = new ChatError(errorCodes.too_late, 'The time is over.');
  messageActions.edit.mockRejectedValueOnce(late);
  const actions = setup([]);
  const old = own(1, 60_000);
  expect(actions.allowed(old)).toContain('edit');
  expect(await actions.edit(old, 'new')).toBe(false);
  expect(toast).toHaveBeenCalledWith(late);
  expect(actions.allowed(old)).not.toContain('edit');
  expect(actions.allowed(own(2, 59_000))).toContain('edit');
  expect(await actions.edit(own(2, 59_000), 'new')).toBe(true);
});

it('a refused pin is told', async () => {
  const fault = new Error('full');
  messageActions.pin.mockRejectedValueOnce(fault);
  await setup([]).run('pin', own(1, 0));
  expect(toast).toHaveBeenCalledWith(fault);
});
