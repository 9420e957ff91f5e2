import type { AddressChannel, Security } from '@chat/sdk';
import { ref } from 'vue';
import { typedCode } from '../../account/typedCode';
import { useAttempt } from '../../connection/useAttempt';

/** Shows by a code that is sent to it that an address is one's own. */
export function useVerification(security: Pick<Security, 'sendVerification' | 'confirmVerification'>, textOf: (fault: unknown) => string) {
  const { busy, error, attempt } = useAttempt(textOf);
  /** Which address waits for its code; null for none. */
  const waiting = ref<AddressChannel | null>(null);
  /** Where the code went, mostly hidden. */
  const sentTo = ref('');
  const code = ref('');

  return {
    busy,
    error,
    waiting,
    sentTo,
    code,
    send: (channel: AddressChannel) =>
      attempt(async () => {
        sentTo.value = await security.sendVerification(channel);
        waiting.value = channel;
        code.value = '';
      }),
    confirm: () =>
      attempt(async () => {
        if (waiting.value === null) return;
        await security.confirmVerification(waiting.value, typedCode(code.value));
        waiting.value = null;
      }),
    cancel(): void {
      waiting.value = null;
      error.value = '';
    },
  };
}
