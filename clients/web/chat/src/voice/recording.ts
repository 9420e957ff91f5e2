import { peaksOf } from '../media/waveform';

/** As often the loudness is looked at. */
export const SampleMs = 50;
/** A recording ends by itself then: what is said is kept. */
export const LongestMs = 15 * 60_000;
/** Shorter is a slip of the finger. */
export const ShortestMs = 500;

export interface Recording {
  readonly file: File;
  readonly durationMs: number;
  readonly waveform: readonly number[];
}

/** A microphone that is recorded from: a browser's, or less in a test. */
export interface Microphone {
  /** Loudness now, 0 … 1. */
  level(): number;
  /** What was recorded, and lets go of the microphone. */
  finish(): Promise<File>;
  /** Lets go of the microphone and of what was recorded. */
  drop(): void;
}

/** The formats that browsers record, the server's names for them behind; the first that this one can. */
const Formats = [
  ['audio/webm;codecs=opus', 'weba'],
  ['audio/ogg;codecs=opus', 'ogg'],
  ['audio/mp4', 'm4a'],
] as const;

export function canRecord(): boolean {
  return typeof MediaRecorder !== 'undefined' && navigator.mediaDevices !== undefined && formatOf() !== undefined;
}

function formatOf() {
  return Formats.find(([type]) => MediaRecorder.isTypeSupported(type));
}

/** Asks for the microphone, and records from it. */
export async function openMicrophone(): Promise<Microphone> {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: { echoCancellation: true, noiseSuppression: true } });
  let context: AudioContext | null = null;
  const release = () => {
    for (const track of stream.getTracks()) track.stop();
    void context?.close();
  };
  try {
    context = new AudioContext();
    return recordFrom(stream, context, release);
  } catch (fault) {
    release(); // else the microphone stays on, and nobody is there to let go of it
    throw fault;
  }
}

function recordFrom(stream: MediaStream, context: AudioContext, release: () => void): Microphone {
  const [type, extension] = formatOf() ?? Formats[0];
  const recorder = new MediaRecorder(stream, { mimeType: type, audioBitsPerSecond: 32_000 });
  const parts: Blob[] = [];
  recorder.addEventListener('dataavailable', ({ data }) => parts.push(data));
  const analyser = context.createAnalyser();
  analyser.fftSize = 1_024;
  context.createMediaStreamSource(stream).connect(analyser);
  const wave = new Float32Array(analyser.fftSize);
  recorder.start();
  return {
    level: () => {
      analyser.getFloatTimeDomainData(wave);
      return Math.min(1, Math.sqrt(wave.reduce((sum, value) => sum + value * value, 0) / wave.length) * 3);
    },
    finish: async () => {
      if (recorder.state !== 'inactive') {
        const stopped = new Promise((resolve) => recorder.addEventListener('stop', resolve, { once: true }));
        recorder.stop();
        await stopped;
      }
      release();
      return new File(parts, `voice.${extension}`, { type });
    },
    drop: () => {
      if (recorder.state !== 'inactive') recorder.stop();
      release();
    },
  };
}

export function recordingOf(file: File, durationMs: number, levels: readonly number[]): Recording {
  return { file, durationMs: Math.round(durationMs), waveform: peaksOf(levels) };
}
