/** A tone that comes again and again: two notes for a call that comes, one for a call that is made. */
const Tones = {
  incoming: { notes: [587, 784, 587, 784], everyMs: 2_600, loudness: 0.12 },
  outgoing: { notes: [425], everyMs: 4_000, loudness: 0.05 },
} as const;
const NoteSeconds = 0.22;
const LongNoteSeconds = 1;

/**
 * Plays it until it is told to stop. A browser that forbids sound before somebody has touched the page stays silent until it
 * allows it: what was scheduled meanwhile would all sound at once then.
 */
export function playTone(name: keyof typeof Tones, make: () => AudioContext = () => new AudioContext()): () => void {
  const { notes, everyMs, loudness } = Tones[name];
  const context = make();
  const seconds = notes.length === 1 ? LongNoteSeconds : NoteSeconds;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let stopped = false;

  function schedule(): void {
    notes.forEach((hertz, i) => {
      const begins = context.currentTime + i * NoteSeconds;
      const gain = new GainNode(context, { gain: 0 });
      gain.gain.setValueAtTime(0, begins);
      gain.gain.linearRampToValueAtTime(loudness, begins + 0.02); // a note that begins or ends at once clicks
      gain.gain.setValueAtTime(loudness, begins + seconds - 0.06);
      gain.gain.linearRampToValueAtTime(0, begins + seconds - 0.01);
      const note = new OscillatorNode(context, { frequency: hertz });
      note.connect(gain).connect(context.destination);
      note.start(begins);
      note.stop(begins + seconds);
    });
  }

  async function play(): Promise<void> {
    if (context.state !== 'running') await context.resume().catch(() => undefined); // settles when sound is allowed
    if (stopped) return;
    if (context.state === 'running') schedule();
    timer = setTimeout(play, everyMs);
  }

  void play();
  return () => {
    stopped = true;
    clearTimeout(timer);
    void context.close();
  };
}
