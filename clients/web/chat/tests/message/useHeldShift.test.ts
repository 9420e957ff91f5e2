import { expect, it } from 'vitest';
import { effectScope, nextTick, shallowRef } from 'vue';
import { useHeldShift } from '../../src/message/useHeldShift';

function setup() {
  const box = { scrollTop: 5_000, scrollHeight: 20_000, clientHeight: 800 };
  const shift = effectScope().run(() => useHeldShift(shallowRef(box as unknown as HTMLElement)));
  if (!shift) throw new Error('no scope');
  return { box, shift };
}

it('what is kept back counts from the next rendering on, and moves the view once it is let go', async () => {
  const { box, shift } = setup();
  expect(shift.take(30, 5_000, 9_000)).toBe(true);
  expect(shift.take(-10, 5_000, 9_000)).toBe(true);
  expect(shift.held.value).toBe(0);
  expect(shift.noteTaken()).toBe(20);
  expect([shift.held.value, shift.noteTaken()]).toEqual([20, 0]);
  await nextTick();
  expect(box.scrollTop).toBe(5_000);

  expect(shift.release()).toBe(true);
  expect(shift.held.value).toBe(0);
  expect(box.scrollTop).toBe(5_000); // not before the rows are where they belong
  await nextTick();
  expect(box.scrollTop).toBe(5_020);
  expect(shift.release()).toBe(false);
});

it.each([
  ['too much is kept back', 1_001, 5_000, 9_000],
  ['too much is kept back the other way', -1_001, 5_000, 9_000],
  ['the beginning is near', 10, 600, 9_000],
  ['the beginning will be near', -10, 599, 9_000],
  ['the end is near', 10, 5_000, 599],
])('nothing is kept back where %s', (_, delta, offset, below) => {
  const { shift } = setup();
  expect(shift.take(delta, offset, below)).toBe(false);
  expect(shift.noteTaken()).toBe(0);
});

it('a place of the box is the same place of the list before and after the view has moved', async () => {
  const { box, shift } = setup();
  const place = () => box.scrollTop + shift.lag();
  shift.take(300, 5_000, 9_000);
  shift.noteTaken();
  expect(place()).toBe(5_300);
  shift.release();
  expect(place()).toBe(5_300);
  await nextTick();
  expect([place(), box.scrollTop]).toEqual([5_300, 5_300]);
});

it('as much that is kept back in the same moment as is let go moves the view no less', async () => {
  const { box, shift } = setup();
  shift.take(300, 5_000, 9_000);
  shift.noteTaken();
  await nextTick();
  shift.release();
  shift.take(300, 5_300, 9_000);
  shift.noteTaken();
  await nextTick();
  expect([box.scrollTop, shift.held.value]).toEqual([5_300, 300]);
});

it.each([
  [20, 599, 0],
  [20, 600, 20],
  [20, 18_601, 0],
  [-900, 1_499, 0], // where the first rows will stand above the view's place, though the box has 1,499 px there
  [-900, 1_500, -900],
])('of %d, scrolled to %d, %d is kept back still', (px, scrollTop, held) => {
  const { box, shift } = setup();
  shift.take(px, 5_000, 9_000);
  shift.noteTaken();
  shift.noteScroll({ ...box, scrollTop });
  expect(shift.held.value).toBe(held);
});
