// @vitest-environment happy-dom
import type { PrivacySettings } from '@chat/sdk';
import { afterEach, expect, it, vi } from 'vitest';
import { createApp } from 'vue';
import { i18n, withWords } from '../../src/i18n';
import PrivacySection from '../../src/settings/privacy/PrivacySection.vue';

const settle = () => new Promise<void>((resolve) => setTimeout(resolve));
const all: PrivacySettings = { lastSeen: 'everyone', profilePhoto: 'everyone', about: 'everyone', readReceipts: true, calls: 'everyone' };
const updatePrivacy = vi.fn(async (_wish: Partial<PrivacySettings>): Promise<PrivacySettings> => Promise.reject(new Error('away')));
vi.mock('../../src/connection/useConnection', () => ({ useConnection: () => ({ client: { on: () => () => undefined }, server: {} }) }));
vi.mock('../../src/connection/useErrors', () => ({ useErrors: () => ({ toast: () => undefined, textOf: () => '' }) }));
vi.mock('@chat/sdk', async (original) => ({
  ...(await original<typeof import('@chat/sdk')>()),
  createPeople: () => ({ privacy: async () => all, updatePrivacy, blocks: async () => [] }),
}));

afterEach(() => document.body.replaceChildren());

it('after changes that are refused, its fields show what is stored', async () => {
  const app = createApp(await withWords(['privacy', 'settings'], async () => PrivacySection));
  app.use(i18n).mount(document.body.appendChild(document.createElement('div')));
  await settle();
  const select = document.querySelector('select') as HTMLSelectElement;
  const box = document.querySelector('input') as HTMLInputElement;
  expect([select.value, box.checked]).toEqual(['everyone', true]);
  select.value = 'nobody';
  select.dispatchEvent(new Event('change'));
  box.click();
  await settle();
  expect(updatePrivacy.mock.calls).toEqual([[{ lastSeen: 'nobody' }], [{ readReceipts: false }]]);
  expect([select.value, box.checked]).toEqual(['everyone', true]);
  app.unmount();
});
