// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createApp, defineComponent, h } from 'vue';
import { type LateWork, provideLateWork, RestMs, useLateWork } from '../../src/message/lateWork';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function setup(): { late: LateWork; close: () => void } {
  let late: LateWork | undefined;
  const app = createApp(
    defineComponent({
      setup() {
        late = provideLateWork();
        return () => null;
      },
    }),
  );
  app.mount(document.createElement('div'));
  if (!late) throw new Error('not mounted');
  return { late, close: () => app.unmount() };
}

it('waits until the list has stood still, and then does some a frame', () => {
  const { late, close } = setup();
  const done: number[] = [];
  for (let n = 0; n < 9; n++) late.add(() => done.push(n));
  vi.advanceTimersByTime(RestMs - 1);
  late.moved();
  vi.advanceTimersByTime(RestMs - 1);
  expect(done).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(done).toEqual([0, 1, 2, 3]);
  vi.advanceTimersByTime(16);
  expect(done).toHaveLength(8);
  late.moved(); // between two frames
  vi.advanceTimersByTime(RestMs - 1);
  expect(done).toHaveLength(8);
  vi.advanceTimersByTime(1);
  expect(done).toHaveLength(9);
  late.add(() => done.push(9));
  vi.advanceTimersByTime(RestMs);
  expect(done).toHaveLength(10);
  close();
});

it('does nothing for a row that is gone, nor for a list that is', () => {
  const { late, close } = setup();
  const done: string[] = [];
  late.add(() => done.push('gone'))();
  late.add(() => done.push('left'));
  close();
  vi.advanceTimersByTime(10 * RestMs);
  expect(done).toEqual([]);
});

it('is done at once where there is no list', () => {
  let done = false;
  const row = defineComponent({
    setup() {
      useLateWork().add(() => {
        done = true;
      });
      return () => h('p');
    },
  });
  const app = createApp(row);
  app.mount(document.createElement('div'));
  expect(done).toBe(true);
  app.unmount();
});
