import { afterEach, expect, it, vi } from 'vitest';
import { openMicrophone } from '../../src/voice/recording';

afterEach(() => void vi.unstubAllGlobals());

class Recorder extends EventTarget {
  static isTypeSupported = () => true;
  start(): void {}
}
class Broken {
  static isTypeSupported = () => true;
  constructor() {
    throw new DOMException('none', 'NotSupportedError');
  }
}

it.each([
  ['recorder', Broken, Broken],
  ['sound', Recorder, Broken],
])('lets go of the microphone when the browser has no %s for it', async (_, recorder, context) => {
  const stop = vi.fn();
  vi.stubGlobal('navigator', { mediaDevices: { getUserMedia: async () => ({ getTracks: () => [{ stop }] }) } });
  vi.stubGlobal('MediaRecorder', recorder);
  vi.stubGlobal('AudioContext', context);
  await expect(openMicrophone()).rejects.toThrow('none');
  expect(stop).toHaveBeenCalledOnce();
});
