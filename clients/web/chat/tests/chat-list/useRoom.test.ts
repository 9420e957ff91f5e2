import { afterEach, expect, it, vi } from 'vitest';
import { effectScope, nextTick, ref, shallowRef } from 'vue';
import { useRoom } from '../../src/chat-list/useRoom';

afterEach(() => vi.unstubAllGlobals());

it('draws more rows each time the end comes near, and as many as it takes to reach the one that must be there', async () => {
  let tell: (entries: { isIntersecting: boolean }[]) => void = () => undefined;
  const observed = vi.fn();
  const disconnect = vi.fn();
  vi.stubGlobal(
    'IntersectionObserver',
    class {
      constructor(told: typeof tell) {
        tell = told;
      }
      observe = observed;
      disconnect = disconnect;
    },
  );
  const end = shallowRef<Element | null>(null);
  const needed = ref(-1);
  const scope = effectScope();
  const room = scope.run(() => useRoom(end, () => needed.value));
  end.value = {} as Element;
  await nextTick();
  expect([room?.value, observed.mock.calls.length]).toEqual([24, 1]);

  tell([{ isIntersecting: false }]);
  expect(room?.value).toBe(24);
  tell([{ isIntersecting: true }]);
  await nextTick();
  expect([room?.value, observed.mock.calls.length]).toEqual([30, 2]);

  needed.value = 29;
  await nextTick();
  expect(room?.value).toBe(30);
  needed.value = 500;
  await nextTick();
  expect(room?.value).toBe(524);
  scope.stop();
  expect(disconnect).toHaveBeenCalled();
});
