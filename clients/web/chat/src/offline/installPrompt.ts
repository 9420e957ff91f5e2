import { shallowRef } from 'vue';

/** What a browser gives that could install the page; the types have none. */
export interface InstallPrompt extends Event {
  prompt(): Promise<{ outcome: 'accepted' | 'dismissed' }>;
}

/** Null while the page is installed, or cannot be. */
export const installPrompt = shallowRef<InstallPrompt | null>(null);

// It comes once, early; the browser's own offer is held back, for the page has its place among the settings.
addEventListener('beforeinstallprompt', (event) => {
  event.preventDefault();
  installPrompt.value = event as InstallPrompt;
});
addEventListener('appinstalled', () => {
  installPrompt.value = null;
});
