import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { useSlot } from '../../src/account/accountStore';
import { holdSlot, sweepSlots } from '../../src/account/slotLocks';
import { MemoryStorage } from './memoryStorage';

/** Locks of one origin, as far as slots need them: shared holders, and one who asks whether nobody holds it. */
class FakeLocks {
  readonly #holders = new Map<string, number>();

  async request(name: string, options: LockOptions, use: (lock: object | null) => unknown): Promise<void> {
    const others = this.#holders.get(name) ?? 0;
    if (options.ifAvailable && others > 0) return void (await use(null));
    this.#holders.set(name, others + 1);
    await use({});
    this.#holders.set(name, (this.#holders.get(name) ?? 1) - 1);
  }

  async query() {
    return { held: [...this.#holders].filter(([, count]) => count > 0).map(([name]) => ({ name })) };
  }
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('localStorage', new MemoryStorage());
  vi.stubGlobal('sessionStorage', new MemoryStorage());
  vi.stubGlobal('navigator', { locks: new FakeLocks() });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function keep(...slots: string[]): void {
  for (const slot of slots) localStorage.setItem(`chat.session.${slot}`, '{}');
}
const kept = () => ['mine', 'other', 'dead'].filter((slot) => localStorage.getItem(`chat.session.${slot}`) !== null);

async function sweep(): Promise<void> {
  const done = sweepSlots();
  await vi.runAllTimersAsync();
  await done;
}

it('forgets the slot of a closed tab and keeps those of living ones', async () => {
  keep('mine', 'other', 'dead');
  useSlot('mine');
  holdSlot('mine');
  holdSlot('other');
  await sweep();
  expect(kept()).toEqual(['mine', 'other']);
});

it('keeps the slot used last, so that a new tab goes on with it', async () => {
  keep('mine');
  localStorage.setItem('chat.lastSlot', 'mine');
  await sweep();
  expect(kept()).toEqual(['mine']);
});

it('waits for a tab that reloads', async () => {
  keep('mine', 'other');
  useSlot('mine');
  const done = sweepSlots();
  await vi.advanceTimersByTimeAsync(500);
  holdSlot('other');
  await vi.runAllTimersAsync();
  await done;
  expect(kept()).toEqual(['mine', 'other']);
});

it('a slot that was let go of can be forgotten', async () => {
  keep('mine', 'other');
  useSlot('mine');
  const letGo = holdSlot('other');
  letGo();
  await vi.advanceTimersByTimeAsync(0);
  await sweep();
  expect(kept()).toEqual(['mine']);
});

it('forgets nothing where there are no locks to tell who lives', async () => {
  vi.stubGlobal('navigator', {});
  keep('mine', 'dead');
  useSlot('mine');
  holdSlot('mine');
  await sweep();
  expect(kept()).toEqual(['mine', 'dead']);
});
