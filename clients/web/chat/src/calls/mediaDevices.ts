import type { CallKind } from '@chat/sdk';

/** Why there is nothing to send: the person or the browser said no, or there is no microphone. */
export type MediaFault = 'denied' | 'missing' | 'noCamera';

export class MediaRefused extends Error {
  readonly fault: MediaFault;

  constructor(fault: MediaFault, cause: unknown) {
    super(`There is no microphone or camera: ${fault}.`, { cause });
    this.fault = fault;
  }
}

type Devices = Pick<MediaDevices, 'getUserMedia'>;

const sound = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
const picture = { width: { ideal: 1_280 }, height: { ideal: 720 }, facingMode: 'user' };

/** What this side sends. Where there is no camera that works or is allowed, a video call goes without one rather than not at all. */
export async function openMedia(kind: CallKind, devices: Devices | undefined = navigator.mediaDevices): Promise<MediaStream> {
  if (!devices) throw new MediaRefused('missing', null);
  try {
    return await devices.getUserMedia({ audio: sound, video: kind === 'video' ? picture : false });
  } catch (thrown) {
    if (kind === 'video') return openMedia('voice', devices); // what was refused may be the camera alone
    throw new MediaRefused(isDenied(thrown) ? 'denied' : 'missing', thrown);
  }
}

/** A camera for a call that was taken without one. */
export async function openCamera(devices: Devices | undefined = navigator.mediaDevices): Promise<MediaStreamTrack> {
  try {
    const track = (await devices?.getUserMedia({ video: picture }))?.getVideoTracks()[0];
    if (track) return track;
  } catch (thrown) {
    throw new MediaRefused('noCamera', thrown);
  }
  throw new MediaRefused('noCamera', null);
}

/** A track of one device, to be sent in the place of another. */
export async function openTrack(
  kind: 'audio' | 'video',
  deviceId: string,
  devices: Devices = navigator.mediaDevices,
): Promise<MediaStreamTrack> {
  const exactly = { deviceId: { exact: deviceId } };
  const stream = await devices.getUserMedia(kind === 'audio' ? { audio: { ...sound, ...exactly } } : { video: { ...exactly } });
  const [track] = stream.getTracks();
  if (!track) throw new MediaRefused('missing', null);
  return track;
}

function isDenied(thrown: unknown): boolean {
  return thrown instanceof DOMException && (thrown.name === 'NotAllowedError' || thrown.name === 'SecurityError');
}
