import { ChatError, errorName, type Passkey, type Passkeys } from '@chat/sdk';
import { expect, it, vi } from 'vitest';
import { passkeyFault, passkeysAreHere } from '../../src/account/passkeyFault';
import { usePasskeys } from '../../src/settings/security/usePasskeys';

const passkey = (passkeyId: number): Passkey => ({ passkeyId, name: `p${passkeyId}`, createdAtMs: 1, lastUsedAtMs: null, backedUp: false });

function served(over: Partial<Passkeys> = {}): Passkeys {
  return {
    list: async () => [passkey(1)],
    add: async () => passkey(2),
    rename: async () => passkey(1),
    remove: async () => undefined,
    ...over,
  };
}

it('the list follows what is added and removed', async () => {
  const add = vi.fn(async () => passkey(2));
  const remove = vi.fn(async () => undefined);
  const own = usePasskeys(served({ add, remove }), String);

  expect(own.list.value).toBeNull();
  expect(await own.load()).toBe(true);
  const { signal } = new AbortController();
  expect(await own.add('Phone', { password: 'secret', code: '' }, signal)).toBe(true);
  expect(await own.remove(1, { password: 'secret', code: '123456' })).toBe(true);

  expect(own.list.value).toEqual([passkey(2)]);
  expect(add).toHaveBeenCalledWith({ name: 'Phone', password: 'secret', signal });
  expect(remove).toHaveBeenCalledWith(1, { password: 'secret', code: '123456' });
});

it('what is refused changes nothing and is told until the next attempt', async () => {
  let refused = true;
  const remove = async () => {
    if (refused) throw new ChatError(301, 'wrong');
  };
  const own = usePasskeys(served({ remove }), (fault) => errorName((fault as ChatError).code));
  await own.load();

  expect(await own.remove(1, { password: 'x', code: '' })).toBe(false);
  expect([own.list.value, own.error.value, own.busy.value]).toEqual([[passkey(1)], 'sign_in_failed', false]);
  refused = false;
  expect(await own.remove(1, { password: 'x', code: '' })).toBe(true);
  expect([own.list.value, own.error.value]).toEqual([[], '']);
});

it('what the browser refuses has its own words', () => {
  const told = (name: string) => passkeyFault(new DOMException('', name));
  expect(told('NotAllowedError')).toBe('passkeys.notChosen');
  expect(told('InvalidStateError')).toBe('passkeys.hasOne');
  expect(told('SecurityError')).toBe('passkeys.unsupported');
  expect(passkeyFault(new ChatError(309, 'refused'))).toBeNull();
});

it('passkeys are at names, not at plain addresses', () => {
  const here = (host: string, supported = true) => passkeysAreHere(supported, host);
  expect([here('localhost'), here('chat.example.org'), here('1.example.org')]).toEqual([true, true, true]);
  expect([here('127.0.0.1'), here('[::1]'), here('localhost', false)]).toEqual([false, false, false]);
});
