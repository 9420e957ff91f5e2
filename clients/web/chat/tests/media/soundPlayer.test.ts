import { expect, it, vi } from 'vitest';
import { createSoundPlayer, type Sound, type SoundOutput } from '../../src/media/soundPlayer';

class Output extends EventTarget {
  src = '';
  currentTime = 0;
  duration = Number.POSITIVE_INFINITY;
  playbackRate = 1;
  async play(): Promise<void> {
    this.dispatchEvent(new Event('play'));
  }
  pause(): void {
    this.dispatchEvent(new Event('pause'));
  }
  tell(type: string): void {
    this.dispatchEvent(new Event(type));
  }
}

function made() {
  const output = new Output();
  return { output, player: createSoundPlayer(() => output as unknown as SoundOutput) };
}
const sound = (key: string, durationMs?: number): Sound => ({ key, url: `https://chat.example/${key}`, durationMs, onFail: vi.fn() });

it('plays, pauses and goes on where it stood', () => {
  const { player, output } = made();
  player.toggle(sound('a', 10_000));
  expect([output.src, player.state.playing]).toEqual(['https://chat.example/a', true]);
  output.currentTime = 3;
  output.tell('timeupdate');
  player.toggle(sound('a', 10_000));
  expect([player.state.playing, player.state.timeMs]).toEqual([false, 3_000]);
  player.toggle(sound('a', 10_000));
  expect([player.state.playing, output.currentTime]).toEqual([true, 3]);
});

it('pauses when it is told to, playing or not', () => {
  const { player, output } = made();
  player.pause();
  player.play(sound('a', 10_000));
  output.currentTime = 3;
  player.pause();
  expect([player.state.playing, player.state.key, output.currentTime]).toEqual([false, 'a', 3]);
});

it('one at a time: another one begins at its own beginning', () => {
  const { player, output } = made();
  player.toggle(sound('a', 10_000));
  output.currentTime = 3;
  output.tell('timeupdate');
  player.toggle(sound('b', 5_000));
  expect(player.state).toMatchObject({ key: 'b', playing: true, timeMs: 0, durationMs: 5_000 });
});

it('seeks within the sound, playing or not', () => {
  const { player, output } = made();
  player.seek(sound('a', 10_000), 4_000);
  expect([output.currentTime, player.state.timeMs, player.state.playing]).toEqual([4, 4_000, false]);
  player.seek(sound('a', 10_000), 99_000);
  player.seek(sound('a', 10_000), -1);
  expect(output.currentTime).toBe(0);
});

it('the rate goes around, and stays for the next one', () => {
  const { player, output } = made();
  player.play(sound('a', 10_000));
  const rates = [1, 2, 3].map(() => {
    player.faster();
    return output.playbackRate;
  });
  expect(rates).toEqual([1.5, 2, 1]);
  player.faster();
  player.play(sound('b', 10_000));
  expect(output.playbackRate).toBe(1.5);
});

it('says which one ended, and stands at its beginning then', () => {
  const { player, output } = made();
  const ended = vi.fn();
  player.onEnded(ended);
  player.play(sound('a', 10_000));
  output.tell('ended');
  expect(ended).toHaveBeenCalledExactlyOnceWith('a');
  expect(player.state).toMatchObject({ playing: false, timeMs: 0 });
});

it('what cannot be read is told to who wanted it, once', () => {
  const { player, output } = made();
  const broken = sound('a', 10_000);
  player.play(broken);
  output.tell('error');
  output.tell('error');
  expect(broken.onFail).toHaveBeenCalledOnce();
  expect(player.state).toMatchObject({ key: '', playing: false });
});

it('a file whose length nobody told has the one that the browser finds', () => {
  const { player, output } = made();
  player.play(sound('a'));
  output.tell('durationchange');
  expect(player.state.durationMs).toBe(0);
  output.duration = 7;
  output.tell('durationchange');
  expect(player.state.durationMs).toBe(7_000);
});
