import { encodeBlurHash } from '../media/blurHash';
import type { FileFacts, FileKind } from './fileKinds';

const BlurPx = 32;
const PatienceMs = 8_000;

/** Measures a picture, film or sound here, so that it is shown at its size before it is loaded. What cannot be measured goes without. */
export async function fileFacts(file: Blob, kind: FileKind): Promise<FileFacts> {
  try {
    if (kind === 'image') return await pictureFacts(file);
    if (kind === 'video' || kind === 'audio') return await playedFacts(file, kind);
  } catch {
    // a format that this browser does not read: the server may take it all the same
  }
  return {};
}

async function pictureFacts(file: Blob): Promise<FileFacts> {
  const picture = await createImageBitmap(file);
  try {
    const { width, height } = picture;
    return { width, height, ...blurOf(picture, width, height) };
  } finally {
    picture.close();
  }
}

async function playedFacts(file: Blob, kind: 'video' | 'audio'): Promise<FileFacts> {
  const url = URL.createObjectURL(file);
  const player = document.createElement(kind);
  player.muted = true;
  player.preload = 'auto';
  try {
    const loaded = told(player, kind === 'video' ? 'loadeddata' : 'loadedmetadata');
    player.src = url;
    await loaded;
    const length = Number.isFinite(player.duration) ? { durationMs: Math.round(player.duration * 1_000) } : {};
    if (!(player instanceof HTMLVideoElement) || player.videoWidth === 0) return length;
    const { videoWidth: width, videoHeight: height } = player;
    return { ...length, width, height, ...blurOf(player, width, height) };
  } finally {
    player.removeAttribute('src');
    player.load();
    URL.revokeObjectURL(url);
  }
}

function told(player: HTMLMediaElement, event: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('The file says nothing.')), PatienceMs);
    const end = (then: () => void) => () => {
      clearTimeout(timer);
      then();
    };
    player.addEventListener(event, end(resolve), { once: true });
    player.addEventListener(
      'error',
      end(() => reject(new Error('The file cannot be read here.'))),
      { once: true },
    );
  });
}

function blurOf(source: CanvasImageSource, width: number, height: number): FileFacts {
  const scale = BlurPx / Math.max(width, height);
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(width * scale));
  canvas.height = Math.max(1, Math.round(height * scale));
  const brush = canvas.getContext('2d', { willReadFrequently: true });
  if (!brush) return {};
  brush.fillStyle = '#fff'; // what is seen through shows white rather than black
  brush.fillRect(0, 0, canvas.width, canvas.height);
  brush.drawImage(source, 0, 0, canvas.width, canvas.height);
  return { preview: encodeBlurHash(brush.getImageData(0, 0, canvas.width, canvas.height)) };
}
