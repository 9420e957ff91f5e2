import { expect, it, vi } from 'vitest';
import { isOpenWish, openFrom, pathOf } from '../../src/notifications/opening';

it('leads to the chat; to the message where it mentions one', () => {
  expect(pathOf({ kind: 'message', chatId: 7, sequence: 9, mention: false })).toBe('/chat/7');
  expect(pathOf({ kind: 'message', chatId: 7, sequence: 9, mention: true })).toBe('/chat/7?m=9');
  expect(pathOf({ kind: 'missed_call', chatId: 7, callId: 3 })).toBe('/chat/7');
  for (const data of [null, undefined, 'x', {}, { chatId: '//elsewhere.example' }, { chatId: 1.5 }]) expect(pathOf(data)).toBe('/');
});

function windowOf(focused: boolean, visibilityState: DocumentVisibilityState) {
  return { focused, visibilityState, focus: vi.fn(async () => undefined), postMessage: vi.fn() };
}

it('brings the window in front to the front, or opens one', async () => {
  const openWindow = vi.fn(async () => undefined);
  const all = [windowOf(false, 'hidden'), windowOf(false, 'visible'), windowOf(true, 'visible')];
  await openFrom({ chatId: 7 }, async () => all, openWindow);
  expect(all.map(({ focus, postMessage }) => [focus.mock.calls.length, postMessage.mock.calls])).toEqual([
    [0, []],
    [0, []],
    [1, [[{ open: '/chat/7' }]]],
  ]);
  await openFrom({ chatId: 7 }, async () => all.slice(0, 2), openWindow);
  expect(all[1]?.focus).toHaveBeenCalledOnce();
  expect(openWindow).not.toHaveBeenCalled();
  await openFrom({ chatId: 8 }, async () => [], openWindow);
  expect(openWindow).toHaveBeenCalledExactlyOnceWith('/chat/8');
});

it('hears from the worker only where to go', () => {
  for (const data of [null, 'x', {}, { open: 7 }]) expect(isOpenWish(data)).toBe(false);
  expect(isOpenWish({ open: '/chat/7' })).toBe(true);
});
