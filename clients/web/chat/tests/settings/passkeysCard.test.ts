// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createApp } from 'vue';
import { i18n, withWords } from '../../src/i18n';
import PasskeysCard from '../../src/settings/security/PasskeysCard.vue';

const settle = () => new Promise<void>((resolve) => setTimeout(resolve));
const add = vi.fn((_wish: { signal: AbortSignal }): Promise<never> => new Promise(() => undefined));
vi.mock('../../src/connection/useConnection', () => ({ useConnection: () => ({ passkeys: { list: async () => [], add } }) }));
vi.mock('../../src/account/passkeyFault', () => ({ passkeyFault: () => null, passkeysAreHere: () => true }));

beforeEach(() => document.body.replaceChildren());
afterEach(() => document.body.replaceChildren());

it('whoever leaves it is not asked for a passkey any more', async () => {
  const app = createApp(await withWords(['passkeys', 'settings'], async () => PasskeysCard));
  app.use(i18n).mount(document.body.appendChild(document.createElement('div')));
  await settle();
  [...document.querySelectorAll('button')].find((button) => button.textContent?.trim() === 'Add a passkey')?.click();
  await settle();
  document.querySelector('form')?.dispatchEvent(new Event('submit', { cancelable: true }));
  await settle();
  const signal = add.mock.calls[0]?.[0].signal;
  expect(signal?.aborted).toBe(false);
  app.unmount();
  expect(signal?.aborted).toBe(true);
});
