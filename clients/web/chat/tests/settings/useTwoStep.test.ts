import { expect, it, vi } from 'vitest';
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
  return { ...scoped(() => useTwoStep(quietClient().client, security, (fault) => (fault as Error).message)), security };
}

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
  await confirm(' 123456 ');
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
  await renew('secret', '123456 ');
  expect(security.renewRecoveryCodes).toHaveBeenCalledWith('secret', '123456');
  expect([stage.value, codesLeft.value, codes.value.length]).toEqual(['codes', 4, 4]);
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
