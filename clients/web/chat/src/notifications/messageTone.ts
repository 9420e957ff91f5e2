const Notes = [880, 1_175] as const;
const NoteSeconds = 0.09;
const Loudness = 0.06;

/** Two short, soft notes: a message came. A browser that forbids sound before somebody has touched the page stays silent. */
export async function playMessageTone(make: () => AudioContext = () => new AudioContext()): Promise<void> {
  if (!navigator.userActivation?.hasBeenActive) return;
  const context = make();
  await context.resume();
  Notes.forEach((hertz, i) => {
    const begins = context.currentTime + i * NoteSeconds;
    const ends = begins + 2 * NoteSeconds;
    const gain = new GainNode(context, { gain: 0 });
    gain.gain.setValueAtTime(0, begins);
    gain.gain.linearRampToValueAtTime(Loudness, begins + 0.01); // a note that begins or ends at once clicks
    gain.gain.linearRampToValueAtTime(0, ends);
    const note = new OscillatorNode(context, { frequency: hertz });
    note.connect(gain).connect(context.destination);
    note.start(begins);
    note.stop(ends);
    if (i === Notes.length - 1) note.onended = () => void context.close();
  });
}
