import { vi } from 'vitest';

/** A browser with a subscription, that shows notifications of account 1, of account 2, and of nobody. */
export function stubDevice() {
  const kept = new Map<string, string>();
  const cache = {
    match: async (place: string) => (kept.has(place) ? new Response(kept.get(place)) : undefined),
    put: async (place: string, response: Response) => void kept.set(place, await response.text()),
    delete: async (place: string) => kept.delete(place),
  };
  const shown = [1, 2, undefined].map((owner) => ({ data: owner && { owner }, close: vi.fn() }));
  const unsubscribe = vi.fn(async () => true);
  const registration = {
    getNotifications: async () => shown,
    pushManager: { getSubscription: async () => ({ endpoint: 'https://push.example/1', unsubscribe }) },
  } as unknown as ServiceWorkerRegistration;
  vi.stubGlobal('caches', { open: async () => cache });
  vi.stubGlobal('navigator', { userAgent: 'Firefox', serviceWorker: { getRegistration: async () => registration } });
  return { shown, unsubscribe, registration };
}
