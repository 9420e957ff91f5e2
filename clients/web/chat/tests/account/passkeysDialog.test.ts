// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createApp } from 'vue';
import PasskeysDialog from '../../src/account/PasskeysDialog.vue';
import { i18n } from '../../src/i18n';

const settle = () => new Promise<void>((resolve) => setTimeout(resolve));
const add = vi.fn((_wish: { signal: AbortSignal }): Promise<never> => new Promise(() => undefined));
vi.mock('../../src/connection/useConnection', () => ({ useConnection: () => ({ passkeys: { list: async () => [], add } }) }));
vi.mock('../../src/account/passkeyFault', () => ({ passkeyFault: () => null, passkeysAreHere: () => true }));

beforeEach(() => document.body.replaceChildren());
afterEach(() => document.body.replaceChildren());

it('whoever closes it is not asked for a passkey any more', async () => {
  const app = createApp(PasskeysDialog, { onClosed: () => app.unmount() });
  app.use(i18n).mount(document.body.appendChild(document.createElement('div')));
  await settle();
  const press = async (label: string) => {
    const buttons = [...document.querySelectorAll<HTMLButtonElement>('[role=dialog] button')];
    buttons.find((button) => (button.getAttribute('aria-label') ?? button.textContent?.trim()) === label)?.click();
    await settle();
  };
  await press('Add a passkey');
  document.querySelector('[role=dialog] form')?.dispatchEvent(new Event('submit', { cancelable: true }));
  await settle();
  const signal = add.mock.calls[0]?.[0].signal;
  expect(signal?.aborted).toBe(false);
  await press('Close');
  expect(signal?.aborted).toBe(true);
});
