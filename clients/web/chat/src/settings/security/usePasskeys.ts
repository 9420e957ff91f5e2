import type { Passkey, Passkeys } from '@chat/sdk';
import { ref, shallowRef } from 'vue';

export interface Proof {
  readonly password: string;
  /** Empty for none. */
  readonly code: string;
}

/** The account's own passkeys, read once and then kept up with what is done here. */
export function usePasskeys(passkeys: Passkeys, textOf: (fault: unknown) => string) {
  const list = shallowRef<readonly Passkey[] | null>(null);
  const busy = ref(false);
  const error = ref('');

  /** True when it was done; else `error` says why not. */
  async function attempt(work: () => Promise<void>): Promise<boolean> {
    busy.value = true;
    error.value = '';
    try {
      await work();
      return true;
    } catch (fault) {
      error.value = textOf(fault);
      return false;
    } finally {
      busy.value = false;
    }
  }

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
