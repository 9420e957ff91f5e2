import { expect, it, vi } from 'vitest';
import { nextTick, type ShallowRef, shallowRef } from 'vue';
import { useChatTheme } from '../../src/theme/useChatTheme';
import { scoped } from '../settings/heard';

const settings = { setTheme: vi.fn(async () => undefined), update: vi.fn(async () => undefined) };
const toast = vi.fn();
vi.mock('../../src/connection/useConnection', () => ({ useConnection: () => ({ settings }) }));
vi.mock('../../src/connection/useErrors', () => ({ useErrors: () => ({ toast }) }));

const summary = (kind: string, own: string | null, all: string | null = null) =>
  ({ chatId: 7, kind, own: { theme: own }, details: { theme: all } }) as never;
const chatOf = (...of: Parameters<typeof summary>): ShallowRef<never> => shallowRef(summary(...of));
const themeOf = (chat: ShallowRef<never>) => scoped(() => useChatTheme(chat));

it('in a direct chat the page’s own look is no choice that is kept', async () => {
  const { own, setOwn } = themeOf(chatOf('direct', null));
  expect(own.value).toBe('default');
  await setOwn('rose');
  await setOwn('default');
  expect(settings.setTheme.mock.calls).toEqual([
    [7, 'rose'],
    [7, null],
  ]);
});

it('in a group one may look like all, or choose the page’s own look against theirs', async () => {
  settings.setTheme.mockClear();
  const { own, forAll, setOwn, setForAll } = themeOf(chatOf('group', null, 'ocean'));
  expect([own.value, forAll.value]).toEqual(['chat', 'ocean']);
  await setOwn('default');
  await setOwn('chat');
  expect(settings.setTheme.mock.calls).toEqual([
    [7, 'default'],
    [7, null],
  ]);
  await setForAll('amber');
  await setForAll('default');
  expect(settings.update.mock.calls).toEqual([
    [7, { theme: 'amber' }],
    [7, { theme: '' }],
  ]);
});

it('what is chosen while another choice is on its way is saved after it, and shown at once', async () => {
  settings.setTheme.mockClear();
  let done: () => void = () => undefined;
  settings.setTheme.mockImplementationOnce(() => new Promise((resolve) => (done = () => resolve(undefined))));
  const chat = chatOf('group', null);
  const { own, setOwn } = themeOf(chat);
  const both = [setOwn('rose'), setOwn('violet')];
  await nextTick();
  chat.value = summary('group', 'rose');
  await nextTick();
  expect([own.value, settings.setTheme.mock.calls.length]).toEqual(['violet', 1]);
  done();
  await Promise.all(both);
  expect([own.value, settings.setTheme.mock.lastCall]).toEqual(['violet', [7, 'violet']]);
  chat.value = summary('group', 'ocean'); // on another device
  await nextTick();
  expect(own.value).toBe('ocean');
});

it('what is refused is told, and what is stored is shown again', async () => {
  const { forAll, setForAll } = themeOf(chatOf('group', null, 'amber'));
  settings.update.mockRejectedValueOnce(new Error('not_allowed'));
  const refused = setForAll('rose');
  expect(forAll.value).toBe('rose');
  await refused;
  expect([forAll.value, toast.mock.calls.length]).toEqual(['amber', 1]);
});
