import { shallowReactive } from 'vue';

export const Rates = [1, 1.5, 2] as const;

export interface Sound {
  readonly key: string;
  readonly url: string;
  readonly durationMs: number | undefined;
  /** The browser cannot read it from its address (any more). */
  readonly onFail: () => void;
}

/** What plays it: an `<audio>` element, or less in a test. */
export type SoundOutput = Pick<
  HTMLAudioElement,
  'src' | 'currentTime' | 'duration' | 'playbackRate' | 'play' | 'pause' | 'addEventListener'
>;

export type SoundPlayer = ReturnType<typeof createSoundPlayer>;

/**
 * Plays one sound at a time. It belongs to the open conversation and not to a row of its list: what plays goes on when its row is scrolled out of
 * view. A recording of a browser often does not know its own length, so the message's is used.
 */
export function createSoundPlayer(makeOutput: () => SoundOutput) {
  const state = shallowReactive({ key: '', playing: false, timeMs: 0, durationMs: 0, rate: 1 as number });
  let output: SoundOutput | null = null;
  let sound: Sound | null = null;
  let ended: (key: string) => void = () => undefined;

  function outputOf(): SoundOutput {
    if (output) return output;
    const made = makeOutput();
    made.addEventListener('timeupdate', noteTime);
    made.addEventListener('durationchange', noteLength);
    made.addEventListener('play', () => (state.playing = true));
    made.addEventListener('pause', () => (state.playing = false));
    made.addEventListener('ended', () => {
      state.playing = false;
      state.timeMs = 0;
      made.currentTime = 0;
      ended(state.key);
    });
    made.addEventListener('error', () => {
      if (!sound) return;
      const { onFail } = sound;
      stop();
      onFail();
    });
    output = made;
    return made;
  }

  function noteTime(): void {
    if (output && sound) state.timeMs = output.currentTime * 1_000;
  }

  function noteLength(): void {
    if (output && sound?.durationMs === undefined && Number.isFinite(output.duration)) state.durationMs = output.duration * 1_000;
  }

  /** Makes it the one that plays, at its beginning or a place in it. */
  function take(next: Sound, atMs = 0): SoundOutput {
    const player = outputOf();
    if (state.key === next.key && sound?.url === next.url) return player;
    player.pause();
    sound = next;
    Object.assign(state, { key: next.key, playing: false, timeMs: atMs, durationMs: next.durationMs ?? 0 });
    player.src = next.url;
    player.playbackRate = state.rate;
    if (atMs > 0) player.currentTime = atMs / 1_000;
    return player;
  }

  function play(next: Sound): void {
    const player = take(next);
    player.playbackRate = state.rate;
    player.play().catch(() => (state.playing = false)); // taken away meanwhile, or an error that the event tells
  }

  function stop(): void {
    sound = null;
    output?.pause();
    Object.assign(state, { key: '', playing: false, timeMs: 0 });
  }

  return {
    state,
    toggle: (next: Sound) => (state.key === next.key && state.playing ? outputOf().pause() : play(next)),
    play,
    pause: () => output?.pause(),
    seek: (next: Sound, ms: number) => {
      const most = next.durationMs ?? (state.key === next.key ? state.durationMs : ms);
      const at = Math.max(0, Math.min(ms, most));
      const player = take(next, at);
      player.currentTime = at / 1_000;
      state.timeMs = at;
    },
    /** The next rate, around again. */
    faster: () => {
      const at = Rates.indexOf(state.rate as 1);
      state.rate = Rates[(at + 1) % Rates.length] ?? 1;
      if (output) output.playbackRate = state.rate;
    },
    stop,
    onEnded: (told: (key: string) => void) => (ended = told),
  };
}
