import type { PushContent } from '@chat/sdk';
import { type Ref, ref, watch } from 'vue';

/** How one is told of what comes, of one account on this device. */
export interface AlertSettings {
  /** Notifications of the system are wanted. */
  readonly on: boolean;
  /** What they may say. */
  readonly content: PushContent;
  /** The page plays a sound. */
  readonly sounds: boolean;
}

const Contents: readonly PushContent[] = ['full', 'sender', 'none'];
const keyOf = (meId: number) => `chat.alerts.${meId}`;
const held = new Map<number, Ref<AlertSettings>>();

/** The same ref for the same account; what is set is kept, and heard by its other pages. */
export function alertSettings(meId: number): Ref<AlertSettings> {
  const known = held.get(meId);
  if (known) return known;
  const settings = ref(read(meId));
  held.set(meId, settings);
  addEventListener('storage', ({ key }) => {
    if (key === keyOf(meId)) settings.value = read(meId);
  });
  watch(settings, (now) => keep(meId, now), { flush: 'sync' });
  return settings;
}

function read(meId: number): AlertSettings {
  try {
    return settingsOf(JSON.parse(localStorage.getItem(keyOf(meId)) ?? '{}'));
  } catch {
    return settingsOf({}); // storage is forbidden, or holds what is none of ours
  }
}

function keep(meId: number, settings: AlertSettings): void {
  try {
    const text = JSON.stringify(settings);
    if (localStorage.getItem(keyOf(meId)) !== text) localStorage.setItem(keyOf(meId), text);
  } catch {
    // Storage is forbidden or full: it holds until the page is closed.
  }
}

function settingsOf(found: unknown): AlertSettings {
  const { on, content, sounds } = (typeof found === 'object' && found !== null ? found : {}) as Record<string, unknown>;
  return { on: on === true, content: Contents.find((one) => one === content) ?? 'full', sounds: sounds !== false };
}
