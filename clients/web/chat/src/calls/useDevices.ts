import { computed, onScopeDispose, shallowRef } from 'vue';

type Source = Pick<MediaDevices, 'enumerateDevices' | 'addEventListener' | 'removeEventListener'>;

/** The microphones, cameras and loudspeakers of this computer, followed as they come and go. */
export function useDevices(source: Source = navigator.mediaDevices) {
  const devices = shallowRef<readonly MediaDeviceInfo[]>([]);
  const list = async () => {
    devices.value = await source.enumerateDevices().catch(() => []);
  };
  const of = (kind: MediaDeviceKind) => computed(() => devices.value.filter((device) => device.kind === kind && device.deviceId !== ''));
  source.addEventListener('devicechange', list);
  onScopeDispose(() => source.removeEventListener('devicechange', list));
  void list();
  return { microphones: of('audioinput'), cameras: of('videoinput'), speakers: of('audiooutput') };
}
