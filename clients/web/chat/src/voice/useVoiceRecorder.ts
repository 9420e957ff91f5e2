import { onScopeDispose, ref, shallowRef, triggerRef } from 'vue';
import { LongestMs, type Microphone, openMicrophone, type Recording, recordingOf, SampleMs, ShortestMs } from './recording';

export type RecorderState = 'idle' | 'asking' | 'recording' | 'preview';

/** Why there is no recording: the person or the browser said no, or there is no microphone. */
export type RecorderFault = 'denied' | 'missing' | null;

const Now = () => performance.now();

/** Records one voice message: asks for the microphone, hears how loud it is, and keeps what was said to be heard, sent or thrown away. */
export function useVoiceRecorder(open: () => Promise<Microphone> = openMicrophone) {
  const state = ref<RecorderState>('idle');
  const fault = ref<RecorderFault>(null);
  const timeMs = ref(0);
  const levels = shallowRef<number[]>([]);
  const recording = shallowRef<Recording | null>(null);
  let microphone: Microphone | null = null;
  let startedAt = 0;
  let ticks: ReturnType<typeof setInterval> | undefined;
  let turn = 0; // what was begun before it was given up does not come back

  async function start(): Promise<void> {
    if (state.value !== 'idle') return;
    turn += 1;
    const mine = turn;
    fault.value = null;
    state.value = 'asking';
    try {
      const opened = await open();
      if (mine !== turn) {
        opened.drop();
        return;
      }
      microphone = opened;
    } catch (thrown) {
      if (mine !== turn) return;
      state.value = 'idle';
      fault.value = thrown instanceof DOMException && thrown.name === 'NotAllowedError' ? 'denied' : 'missing';
      return;
    }
    levels.value = [];
    timeMs.value = 0;
    startedAt = Now();
    state.value = 'recording';
    ticks = setInterval(sample, SampleMs);
  }

  function sample(): void {
    if (!microphone) return;
    timeMs.value = Now() - startedAt;
    levels.value.push(microphone.level());
    triggerRef(levels); // a copy of a long recording's, twenty times a second, is more than a phone should do
    if (timeMs.value >= LongestMs) void finish();
  }

  /** Ends the recording and keeps it; null when there is none, or it is too short to be one. */
  async function finish(): Promise<Recording | null> {
    const held = microphone;
    if (state.value !== 'recording' || !held) return recording.value;
    const durationMs = Now() - startedAt;
    if (durationMs < ShortestMs) {
      cancel();
      return null;
    }
    const mine = turn;
    clearInterval(ticks);
    microphone = null;
    const file = await held.finish();
    if (mine !== turn) return null;
    recording.value = recordingOf(file, durationMs, levels.value);
    state.value = 'preview';
    return recording.value;
  }

  function cancel(): void {
    turn += 1;
    clearInterval(ticks);
    microphone?.drop();
    microphone = null;
    recording.value = null;
    timeMs.value = 0;
    levels.value = [];
    state.value = 'idle';
  }

  /** What is sent, and an empty recorder. */
  async function take(): Promise<Recording | null> {
    const taken = await finish();
    if (taken) cancel();
    return taken;
  }
  onScopeDispose(cancel);
  return { state, fault, timeMs, levels, recording, start, finish, cancel, take };
}
