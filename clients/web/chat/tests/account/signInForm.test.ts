// @vitest-environment happy-dom
import { ChatError, errorCodes } from '@chat/sdk';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createApp } from 'vue';
import SignInForm from '../../src/account/SignInForm.vue';
import { i18n, withWords } from '../../src/i18n';

const settle = () => new Promise<void>((resolve) => setTimeout(resolve));
const signIn = vi.fn(async (_login: string, _password: string, _code?: string) => undefined);
vi.mock('../../src/account/useAccount', () => ({ useAccount: () => ({ signIn, signInByPasskey: vi.fn() }) }));

beforeEach(() => signIn.mockReset());
afterEach(() => document.body.replaceChildren());

async function setup() {
  const events = { onEntered: vi.fn(), onForgot: vi.fn() };
  const app = createApp(await withWords(['passkeys', 'recovery'], async () => SignInForm), events);
  app.use(i18n).mount(document.body.appendChild(document.createElement('div')));
  const fill = (label: string, value: string) => {
    const id = [...document.querySelectorAll('label')].find((one) => one.textContent === label)?.htmlFor ?? '';
    const input = document.getElementById(id) as HTMLInputElement;
    input.value = value;
    input.dispatchEvent(new Event('input'));
  };
  const press = async (text: string) => {
    [...document.querySelectorAll('button')].find((button) => button.textContent?.trim() === text)?.click();
    await settle();
  };
  const submit = async () => {
    document.querySelector('form')?.dispatchEvent(new Event('submit', { cancelable: true }));
    await settle();
  };
  return { ...events, fill, press, submit, text: () => document.body.textContent ?? '' };
}
const failing = (code: number) => signIn.mockRejectedValueOnce(new ChatError(code, 'no'));

it('asks for the code where the account has a second step, and keeps the password for it', async () => {
  const { fill, submit, text, onEntered } = await setup();
  fill('E-mail or phone', ' anna@example.org ');
  fill('Password', 'secret');
  failing(errorCodes.second_factor_required);
  await submit();
  expect([text().includes('asks for a code'), document.activeElement?.getAttribute('autocomplete')]).toEqual([true, 'one-time-code']);
  fill('Code of the second step', '000000');
  failing(errorCodes.code_invalid);
  await submit();
  expect(document.querySelector('[role=alert]')?.textContent).toContain('The code is wrong');
  fill('Code of the second step', ' １２３４56 ');
  await submit();
  expect(signIn.mock.calls).toEqual([
    ['anna@example.org', 'secret', undefined],
    ['anna@example.org', 'secret', '000000'],
    ['anna@example.org', 'secret', '123456'],
  ]);
  expect(onEntered).toHaveBeenCalledOnce();
});

it('another account begins anew', async () => {
  const { fill, submit, press } = await setup();
  fill('E-mail or phone', 'anna@example.org');
  fill('Password', 'secret');
  failing(errorCodes.second_factor_required);
  await submit();
  await press('Use another account');
  fill('E-mail or phone', 'ben@example.org');
  fill('Password', 'other');
  await submit();
  expect(signIn).toHaveBeenLastCalledWith('ben@example.org', 'other', undefined);
});

it('tells whoever forgot the password which login was given', async () => {
  const { fill, press, onForgot } = await setup();
  fill('E-mail or phone', 'anna@example.org');
  await settle();
  await press('Forgot password?');
  expect(onForgot).toHaveBeenCalledWith('anna@example.org');
});
