import { expect, it } from 'vitest';
import { nextStop } from '../../src/message/nextStop';

it('← and → walk what can be acted on and stay inside', () => {
  expect(nextStop('ArrowRight', -1, 3, false)).toBe(0);
  expect(nextStop('ArrowLeft', -1, 3, false)).toBe(2);
  expect(nextStop('ArrowRight', 0, 3, false)).toBe(1);
  expect(nextStop('ArrowRight', 2, 3, false)).toBe(2);
  expect(nextStop('ArrowLeft', 0, 3, false)).toBe(0);
});

it('from right to left the arrows change places', () => {
  expect(nextStop('ArrowLeft', 0, 3, true)).toBe(1);
  expect(nextStop('ArrowRight', 1, 3, true)).toBe(0);
});

it('other keys, and a message without anything to act on, do not move', () => {
  expect(nextStop('ArrowUp', 0, 3, false)).toBeNull();
  expect(nextStop('ArrowRight', -1, 0, false)).toBeNull();
});
