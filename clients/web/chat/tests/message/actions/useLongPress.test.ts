import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { LongPressMs, useLongPress } from '../../../src/message/actions/useLongPress';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const touch = (rest: Partial<PointerEvent> = {}) =>
  ({ pointerType: 'touch', isPrimary: true, clientX: 10, clientY: 10, ...rest }) as PointerEvent;

it('opens when a finger rests, not when it moves, leaves early, or is a mouse', () => {
  const open = vi.fn(() => true);
  const press = useLongPress(open);
  press.start(touch());
  press.move(touch({ clientX: 14 }));
  vi.advanceTimersByTime(LongPressMs);
  expect(open).toHaveBeenCalledTimes(1);

  press.start(touch());
  press.move(touch({ clientY: 40 }));
  vi.advanceTimersByTime(LongPressMs);
  press.start(touch());
  vi.advanceTimersByTime(LongPressMs - 1);
  press.end();
  vi.advanceTimersByTime(LongPressMs);
  press.start(touch({ pointerType: 'mouse' }));
  vi.advanceTimersByTime(LongPressMs);
  expect(open).toHaveBeenCalledTimes(1);
});

it('the lift after it is no click; another one is', () => {
  const press = useLongPress(() => true);
  const lift = () => {
    const preventDefault = vi.fn();
    press.lift({ cancelable: true, preventDefault } as unknown as TouchEvent);
    return preventDefault.mock.calls.length;
  };
  press.start(touch());
  vi.advanceTimersByTime(LongPressMs);
  expect([lift(), lift()]).toEqual([1, 0]);
  press.start(touch());
  press.end();
  expect(lift()).toBe(0);
});

it('a long press where there was nothing to open is a click still', () => {
  const press = useLongPress(() => false);
  const preventDefault = vi.fn();
  press.start(touch());
  vi.advanceTimersByTime(LongPressMs);
  press.lift({ cancelable: true, preventDefault } as unknown as TouchEvent);
  expect(preventDefault).not.toHaveBeenCalled();
});
