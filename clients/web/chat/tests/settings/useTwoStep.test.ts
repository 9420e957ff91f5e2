// @vitest-environment happy-dom
import { afterEach, expect, it, vi } from 'vitest';
import { effectScope } from 'vue';
import { qrPath } from '../../src/settings/security/qrPath';
import { useTwoStep } from '../../src/settings/security/useTwoStep';
import { quietClient, scoped, settle } from './heard';

function setup(enabled: boolean) {
  const security = {
    twoStep: vi.fn(async () => ({ enabled, recoveryCodesLeft: enabled ? 3 : 0 })),
    beginTwoStep: vi.fn(async (_password: string) => ({ secret: 'ABCD', uri: 'otpauth://totp/x' })),
    confirmTwoStep: vi.fn(async (_code: string) => ['a', 'b']),
    renewRecoveryCodes: vi.fn(async () => ['c', 'd', 'e', 'f']),
    removeTwoStep: vi.fn(async () => undefined),
  };
  const { client, closed } = quietClient();
  const look = () => useTwoStep(client, security, (fault) => (fault as Error).message);
  closings.push(closed);
  return { ...scoped(look), security, closed, again: look };
}
const closings: (() => void)[] = [];
afterEach(() => {
  for (const closed of closings.splice(0)) closed();
});

const isAsked = () => !dispatchEvent(new Event('beforeunload', { cancelable: true }));

it('is turned on by a password and the first code; the recovery codes are shown until they are kept', async () => {
  const { enabled, codesLeft, stage, secret, codes, ask, begin, confirm, look, error, security } = setup(false);
  await settle();
  ask('password');
  security.beginTwoStep.mockRejectedValueOnce(new Error('wrong password'));
  expect([await begin('no'), stage.value, error.value]).toEqual([false, 'password', 'wrong password']);
  await begin('yes');
  expect([stage.value, secret.value?.secret, enabled.value, error.value]).toEqual(['secret', 'ABCD', false, '']);
  security.confirmTwoStep.mockRejectedValueOnce(new Error('wrong code'));
  await confirm('000000');
  expect([stage.value, enabled.value, error.value]).toEqual(['secret', false, 'wrong code']);
  await confirm(' ١٢٣۴۵۶ ');
  expect(security.confirmTwoStep).toHaveBeenLastCalledWith('123456');
  expect([stage.value, enabled.value, codesLeft.value, codes.value, secret.value]).toEqual(['codes', true, 2, ['a', 'b'], null]);
  look();
  expect([stage.value, codes.value]).toEqual(['looking', []]);
});

it('new recovery codes take the place of the old', async () => {
  const { codesLeft, stage, codes, ask, renew, security } = setup(true);
  await settle();
  expect(codesLeft.value).toBe(3);
  ask('renewing');
  await renew('secret', '１２３４５６ ');
  expect(security.renewRecoveryCodes).toHaveBeenCalledWith('secret', '123456');
  expect([stage.value, codesLeft.value, codes.value.length]).toEqual(['codes', 4, 4]);
});

it('codes outlast the view that shows them, and the page is not closed unasked, until they are kept', async () => {
  const { renew, again } = setup(true);
  await settle();
  expect(isAsked()).toBe(false);
  await renew('secret', '123456');
  const later = scoped(again);
  expect([later.stage.value, later.codes.value, isAsked()]).toEqual(['codes', ['c', 'd', 'e', 'f'], true]);
  await settle();
  later.look();
  expect([later.stage.value, later.codes.value, isAsked()]).toEqual(['looking', [], false]);
});

it('codes that come after one has left the view are shown on the return', async () => {
  const { security, again } = setup(true);
  let answer: (codes: string[]) => void = () => undefined;
  security.renewRecoveryCodes.mockImplementationOnce(() => new Promise((resolve) => (answer = resolve)));
  const scope = effectScope();
  const renewing = scope.run(again)?.renew('secret', '123456');
  scope.stop();
  const later = scoped(again);
  expect(later.stage.value).toBe('looking');
  answer(['g']);
  await renewing;
  expect([later.stage.value, later.codes.value]).toEqual(['codes', ['g']]);
});

it('codes end with the connection', async () => {
  const { renew, codes, closed } = setup(true);
  await renew('secret', '123456');
  closed();
  expect([codes.value, isAsked(), setup(true).codes.value]).toEqual([[], false, []]);
});

it('is turned off by a proof; a refusal leaves it on', async () => {
  const { enabled, stage, ask, remove, error, look, security } = setup(true);
  await settle();
  ask('removing');
  security.removeTwoStep.mockRejectedValueOnce(new Error('wrong'));
  await remove('x', '1');
  expect([enabled.value, stage.value, error.value]).toEqual([true, 'removing', 'wrong']);
  look();
  expect(error.value).toBe('');
  ask('removing');
  await remove('x', '1');
  expect([enabled.value, stage.value]).toEqual([false, 'looking']);
});

it('a QR code has its three finders inside of a light border', () => {
  const { side, path } = qrPath('otpauth://totp/Chat:anna@example.org?secret=ABCDEFGHIJKLMNOP&issuer=Chat');
  expect((side - 8 - 17) % 4).toBe(0);
  const far = side - 4 - 7;
  for (const [x, y] of [
    [4, 4],
    [far, 4],
    [4, far],
  ])
    expect(path).toContain(`M${x} ${y}h7v1h-7z`);
  expect(path).not.toMatch(/M[0-3] |M\d+ [0-3]h/u);
});
