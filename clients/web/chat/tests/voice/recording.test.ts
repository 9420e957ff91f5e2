import { afterEach, expect, it, vi } from 'vitest';
import { openMicrophone } from '../../src/voice/recording';

afterEach(() => void vi.unstubAllGlobals());

const close = vi.fn();
const none = () => {
  throw new DOMException('none', 'NotSupportedError');
};
class Recorder extends EventTarget {
  static isTypeSupported = () => true;
}
class NoRecorder extends Recorder {
  constructor() {
    super();
    none();
  }
}
class Sound {
  createAnalyser = () => ({});
  createMediaStreamSource = none;
  close = close;
}
class NoSound {
  constructor() {
    none();
  }
}

it.each([
  ['recorder', NoRecorder, Sound, 1],
  ['sound', Recorder, NoSound, 0],
  ['way to hear it', Recorder, Sound, 1],
])('lets go of the microphone when the browser has no %s for it', async (_, recorder, context, closed) => {
  close.mockClear();
  const stop = vi.fn();
  vi.stubGlobal('navigator', { mediaDevices: { getUserMedia: async () => ({ getTracks: () => [{ stop }] }) } });
  vi.stubGlobal('MediaRecorder', recorder);
  vi.stubGlobal('AudioContext', context);
  await expect(openMicrophone()).rejects.toThrow('none');
  expect([stop.mock.calls.length, close.mock.calls.length]).toEqual([1, closed]);
});
