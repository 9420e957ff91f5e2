import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { playTone } from '../../src/calls/ringTone';

const notes = vi.fn();
class FakeNode {
  readonly gain = { setValueAtTime: () => undefined, linearRampToValueAtTime: () => undefined };
  connect = <T>(to: T) => to;
  stop = () => undefined;
  start = (at: number) => void notes(at);
}
beforeEach(() => {
  vi.useFakeTimers();
  notes.mockReset();
  vi.stubGlobal('GainNode', FakeNode);
  vi.stubGlobal('OscillatorNode', FakeNode);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function setup(state: string) {
  let allowed: () => void = () => undefined;
  const context = {
    state,
    currentTime: 0,
    close: vi.fn(async () => undefined),
    resume: vi.fn(() => new Promise<void>((resolve) => (allowed = resolve))),
  };
  const allow = () => {
    context.state = 'running';
    allowed();
  };
  const stop = playTone('outgoing', () => context as never);
  return { context, allow, stop };
}

it('plays again and again until it is told to stop', async () => {
  const { stop, context } = setup('running');
  await vi.advanceTimersByTimeAsync(8_000);
  expect(notes).toHaveBeenCalledTimes(3);
  stop();
  await vi.advanceTimersByTimeAsync(60_000);
  expect([notes.mock.calls.length, context.close.mock.calls.length]).toEqual([3, 1]);
});

it('where sound is not allowed nothing is kept to sound at once when it is', async () => {
  const { allow, stop } = setup('suspended');
  await vi.advanceTimersByTimeAsync(60_000);
  expect(notes).not.toHaveBeenCalled();
  allow();
  await vi.advanceTimersByTimeAsync(0);
  expect(notes).toHaveBeenCalledOnce();
  stop();
});

it('stopped before sound was allowed, it stays silent', async () => {
  const { allow, stop } = setup('suspended');
  stop();
  allow();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(notes).not.toHaveBeenCalled();
});
