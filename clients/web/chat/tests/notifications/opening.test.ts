import { expect, it, vi } from 'vitest';
import { AnswerMs, isOpenWish, isSeenBy, openFrom, pathOf, Whose } from '../../src/notifications/opening';

it('leads to the chat; to the message where it mentions one', () => {
  expect(pathOf({ kind: 'message', chatId: 7, sequence: 9, mention: false })).toBe('/chat/7');
  expect(pathOf({ kind: 'message', chatId: 7, sequence: 9, mention: true })).toBe('/chat/7?m=9');
  expect(pathOf({ kind: 'missed_call', chatId: 7, callId: 3 })).toBe('/chat/7');
  for (const data of [null, undefined, 'x', {}, { chatId: '//elsewhere.example' }, { chatId: 1.5 }]) expect(pathOf(data)).toBe('/');
});

function windowOf(owner: number | null, focused: boolean, visibilityState: DocumentVisibilityState) {
  const opened: unknown[] = [];
  const postMessage = (message: unknown, ports?: MessagePort[]) => {
    if (message !== Whose) opened.push(message);
    else if (owner !== null) ports?.[0]?.postMessage(owner);
  };
  return { focused, visibilityState, focus: vi.fn(async () => undefined), postMessage, opened };
}

it('brings the window in front of whom it is for to the front, or opens one', async () => {
  const openWindow = vi.fn(async () => undefined);
  const all = [windowOf(1, false, 'hidden'), windowOf(1, false, 'visible'), windowOf(2, true, 'visible')];
  const open = (data: object) => openFrom(data, async () => all, openWindow);
  await open({ chatId: 7, owner: 1 });
  expect(all.map(({ focus, opened }) => [focus.mock.calls.length, opened])).toEqual([
    [0, []],
    [1, [{ open: '/chat/7' }]],
    [0, []],
  ]);
  await open({ chatId: 7, owner: 2 });
  expect(all[2]?.opened).toEqual([{ open: '/chat/7' }]);
  expect(openWindow).not.toHaveBeenCalled();
  await open({ chatId: 8, owner: 3 });
  await open({ chatId: 8, owner: 3, mention: true, sequence: 5 });
  await open({});
  expect(openWindow.mock.calls).toEqual([['/chat/8?as=3'], ['/chat/8?m=5&as=3'], ['/']]);
});

it('is seen by whom a page says that it is, while it is visible', async () => {
  expect(await isSeenBy(1, [windowOf(1, false, 'visible')])).toBe(true);
  expect(await isSeenBy(1, [windowOf(1, false, 'hidden'), windowOf(2, true, 'visible')])).toBe(false);
  vi.useFakeTimers();
  const silent = isSeenBy(1, [windowOf(null, true, 'visible')]);
  await vi.advanceTimersByTimeAsync(AnswerMs);
  vi.useRealTimers();
  expect(await silent).toBe(false);
});

it('hears from the worker only where to go', () => {
  for (const data of [null, 'x', {}, { open: 7 }]) expect(isOpenWish(data)).toBe(false);
  expect(isOpenWish({ open: '/chat/7' })).toBe(true);
});
