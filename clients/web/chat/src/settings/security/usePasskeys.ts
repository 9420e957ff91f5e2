import type { Passkey, Passkeys } from '@chat/sdk';
import { shallowRef } from 'vue';
import { useAttempt } from '../../connection/useAttempt';

export interface Proof {
  readonly password: string;
  /** Empty for none. */
  readonly code: string;
}

/** The account's own passkeys, read once and then kept up with what is done here. */
export function usePasskeys(passkeys: Passkeys, textOf: (fault: unknown) => string) {
  const list = shallowRef<readonly Passkey[] | null>(null);
  const { busy, error, attempt } = useAttempt(textOf);

  return {
    list,
    busy,
    error,
    load: () =>
      attempt(async () => {
        list.value = await passkeys.list();
      }),
    /** `signal` takes the browser's question away. */
    add: (name: string, proof: Proof, signal: AbortSignal) =>
      attempt(async () => {
        const added = await passkeys.add({ name, ...sent(proof), signal });
        list.value = [...(list.value ?? []), added];
      }),
    remove: (passkeyId: number, proof: Proof) =>
      attempt(async () => {
        await passkeys.remove(passkeyId, sent(proof));
        list.value = (list.value ?? []).filter((one) => one.passkeyId !== passkeyId);
      }),
  };
}

function sent({ password, code }: Proof): { password: string; code?: string } {
  return code === '' ? { password } : { password, code };
}
