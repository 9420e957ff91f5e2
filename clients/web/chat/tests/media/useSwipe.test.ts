import { expect, it, vi } from 'vitest';
import { useSwipe } from '../../src/media/useSwipe';

function swiped(fromX: number, toX: number, tagName = 'IMG', fingers = 1) {
  const told = vi.fn();
  const { start, end } = useSwipe(told);
  const touch = (clientX: number) => Array.from({ length: fingers }, () => ({ clientX, clientY: 50 }));
  start({ target: { tagName }, touches: touch(fromX) } as unknown as TouchEvent);
  end({ target: { tagName }, changedTouches: touch(toX) } as unknown as TouchEvent);
  return told.mock.calls.flat();
}

it('tells which way a finger went, if it went far enough, and alone', () => {
  expect([swiped(200, 100), swiped(100, 200), swiped(100, 130), swiped(200, 100, 'IMG', 2)]).toEqual([[1], [-1], [], []]);
});

it('a finger on a film moves along the film', () => {
  expect(swiped(200, 100, 'VIDEO')).toEqual([]);
});
