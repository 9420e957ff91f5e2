import { createPush, type PushContent } from '@chat/sdk';
import { computed, onMounted, ref } from 'vue';
import { useConnection } from '../connection/useConnection';
import { useErrors } from '../connection/useErrors';
import { pageWorker } from '../offline/pageWorker';
import { alertSettings } from './alertSettings';
import { leaveDevice, type Reach, reachDevice, renewReach } from './pushDevice';

/** Notifications of this device: whether the browser lets the page show them, how far they reach, and what they may say. */
export function useNotifications() {
  const { server, meId } = useConnection();
  const { toast } = useErrors();
  const settings = alertSettings(meId);
  const push = createPush(server);
  const permission = ref<NotificationPermission | 'unsupported'>('Notification' in globalThis ? Notification.permission : 'unsupported');
  const reach = ref<Reach | null>(null);
  const busy = ref(false);
  const isDismissed = ref(false);
  const isOn = computed(() => settings.value.on && permission.value === 'granted');

  /** One at a time; what fails is told. */
  async function alone(work: (registration: ServiceWorkerRegistration) => Promise<void>): Promise<void> {
    if (busy.value) return;
    busy.value = true;
    try {
      const registration = await pageWorker().registration;
      if (registration) await work(registration);
      else permission.value = 'unsupported';
    } catch (fault) {
      toast(fault);
    } finally {
      busy.value = false;
    }
  }

  onMounted(async () => {
    if (permission.value === 'unsupported') return;
    if ((await pageWorker().registration) === null) permission.value = 'unsupported';
    else if (isOn.value)
      await alone(async (registration) => {
        reach.value = await renewReach(push, registration, meId, settings.value.content);
      });
  });

  return {
    permission,
    reach,
    busy,
    isDismissed,
    isOn,
    settings,
    /** From a click: the browser asks the person now. */
    turnOn: () =>
      alone(async (registration) => {
        isDismissed.value = false;
        permission.value = await Notification.requestPermission();
        isDismissed.value = permission.value === 'default';
        if (permission.value !== 'granted') return;
        settings.value = { ...settings.value, on: true };
        reach.value = await reachDevice(push, registration, meId, settings.value.content);
      }),
    turnOff: () =>
      alone(async () => {
        await leaveDevice(push, meId);
        settings.value = { ...settings.value, on: false };
        reach.value = null;
      }),
    say: (content: PushContent) =>
      alone(async (registration) => {
        const before = settings.value;
        settings.value = { ...before, content };
        try {
          const renew = content === before.content ? reachDevice : renewReach; // to say something else takes nothing from another account
          if (isOn.value) reach.value = await renew(push, registration, meId, content);
        } catch (fault) {
          settings.value = before; // the service pushes by the old one
          throw fault;
        }
      }),
    sound(sounds: boolean): void {
      settings.value = { ...settings.value, sounds };
    },
  };
}
