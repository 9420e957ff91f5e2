import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { computed, effectScope } from 'vue';
import { LongestMs, type Microphone, SampleMs } from '../../src/voice/recording';
import { useVoiceRecorder } from '../../src/voice/useVoiceRecorder';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function made(open?: () => Promise<Microphone>) {
  let loud = 0;
  const microphone = {
    level: () => {
      loud += 1;
      return loud > 20 ? 0.8 : 0.1;
    },
    finish: vi.fn(async () => new File(['sound'], 'voice.weba', { type: 'audio/webm' })),
    drop: vi.fn(),
  };
  const scope = effectScope();
  const recorder = scope.run(() => useVoiceRecorder(open ?? (async () => microphone)));
  if (!recorder) throw new Error('the scope is active');
  return { ...recorder, microphone, leave: () => scope.stop() };
}

it('records, keeps what was said to be heard, and gives it away once', async () => {
  const { start, finish, take, state, timeMs, recording } = made();
  await start();
  await vi.advanceTimersByTimeAsync(2_000);
  expect([state.value, Math.round(timeMs.value)]).toEqual(['recording', 2_000]);
  await finish();
  expect(state.value).toBe('preview');
  expect(recording.value).toMatchObject({ durationMs: 2_000 });
  const waveform = recording.value?.waveform ?? [];
  expect([waveform.length, waveform.at(-1), (waveform[0] ?? 255) < 60]).toEqual([64, 255, true]);

  expect((await take())?.file.name).toBe('voice.weba');
  expect([state.value, await take()]).toEqual(['idle', null]);
});

it('tells each loudness as it is heard, without a copy of all before it', async () => {
  const { start, levels } = made();
  const count = computed(() => levels.value.length);
  await start();
  const held = levels.value;
  await vi.advanceTimersByTimeAsync(SampleMs);
  expect(count.value).toBe(1);
  await vi.advanceTimersByTimeAsync(2 * SampleMs);
  expect([count.value, levels.value === held]).toEqual([3, true]);
});

it('sends without a preview, too', async () => {
  const { start, take, microphone } = made();
  await start();
  await vi.advanceTimersByTimeAsync(1_000);
  expect((await take())?.durationMs).toBe(1_000);
  expect(microphone.finish).toHaveBeenCalledOnce();
});

it('a slip of the finger is no message, and what is thrown away lets go of the microphone', async () => {
  const { start, take, cancel, state, microphone } = made();
  await start();
  await vi.advanceTimersByTimeAsync(400);
  expect([await take(), state.value]).toEqual([null, 'idle']);
  await start();
  await vi.advanceTimersByTimeAsync(5_000);
  cancel();
  expect([state.value, microphone.drop.mock.calls.length, microphone.finish.mock.calls.length]).toEqual(['idle', 2, 0]);
});

it('ends by itself when it is as long as it may be, and keeps it', async () => {
  const { start, state, recording } = made();
  await start();
  await vi.advanceTimersByTimeAsync(LongestMs + 1_000);
  expect(state.value).toBe('preview');
  expect(recording.value?.durationMs).toBeLessThan(LongestMs + 200);
});

it.each([
  [new DOMException('no', 'NotAllowedError'), 'denied'],
  [new DOMException('none', 'NotFoundError'), 'missing'],
])('says why there is no microphone: %s', async (thrown, told) => {
  const { start, state, fault } = made(() => Promise.reject(thrown));
  await start();
  expect([state.value, fault.value]).toEqual(['idle', told]);
});

it('whoever leaves while the browser asks is not recorded afterwards', async () => {
  let allow: (microphone: Microphone) => void = () => undefined;
  const { start, leave, state, microphone } = made(() => new Promise((resolve) => (allow = resolve)));
  const started = start();
  leave();
  allow(microphone);
  await started;
  expect([state.value, microphone.drop.mock.calls.length]).toEqual(['idle', 1]);
});
