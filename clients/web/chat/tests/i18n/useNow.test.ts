import { expect, it, vi } from 'vitest';
import { computed, effectScope } from 'vue';
import { useNow } from '../../src/i18n/useNow';

it('ticks every 30 s for all, and what comes between does not make the others look again', () => {
  vi.useFakeTimers({ now: 1_000_000 });
  const [first, second] = [effectScope(), effectScope()];
  const look = vi.fn();
  const shown = first.run(() => {
    const now = useNow();
    return computed(() => {
      look();
      return now.value;
    });
  });
  expect(shown?.value).toBe(1_000_000);
  vi.advanceTimersByTime(10_000);
  second.run(() => useNow());
  expect([shown?.value, look.mock.calls.length]).toEqual([1_000_000, 1]);
  vi.advanceTimersByTime(20_000);
  expect([shown?.value, look.mock.calls.length]).toEqual([1_030_000, 2]);

  first.stop();
  second.stop();
  expect(vi.getTimerCount()).toBe(0);
  vi.advanceTimersByTime(60_000);
  const third = effectScope();
  expect(third.run(() => useNow().value)).toBe(1_090_000);
  third.stop();
  vi.useRealTimers();
});
