import type { Security, TwoStepSecret } from '@chat/sdk';
import { computed, ref, shallowRef } from 'vue';
import { typedCode } from '../../account/typedCode';
import { keepCurrent } from '../../connection/keepCurrent';
import { useAttempt } from '../../connection/useAttempt';
import type { Connection } from '../../connection/useConnection';
import { shownCodes } from './shownCodes';

type Wanted = 'twoStep' | 'beginTwoStep' | 'confirmTwoStep' | 'renewRecoveryCodes' | 'removeTwoStep';

/** Where one is: looking, on the way to turning it on, before recovery codes that are told this once, or asked for a proof. */
export type TwoStepStage = 'looking' | 'password' | 'secret' | 'codes' | 'renewing' | 'removing';

/** The second step of one's sign-ins. */
export function useTwoStep(client: Pick<Connection['client'], 'on'>, security: Pick<Security, Wanted>, textOf: (fault: unknown) => string) {
  const enabled = ref(false);
  const codesLeft = ref(0);
  const step = ref<Exclude<TwoStepStage, 'codes'>>('looking');
  /** For the app, between the password and its first code. */
  const secret = shallowRef<TwoStepSecret | null>(null);
  const codes = shownCodes(client);
  const stage = computed<TwoStepStage>(() => (codes.value.length > 0 ? 'codes' : step.value));
  const { busy, error, attempt } = useAttempt(textOf);
  const { state, refresh } = keepCurrent(client, async () => {
    const now = await security.twoStep();
    enabled.value = now.enabled;
    codesLeft.value = now.recoveryCodesLeft;
  });
  void refresh();

  function show(made: readonly string[]): void {
    codes.value = made;
    codesLeft.value = made.length;
    enabled.value = true;
    secret.value = null;
    step.value = 'looking';
  }

  return {
    state,
    refresh,
    enabled,
    codesLeft,
    stage,
    secret,
    codes,
    busy,
    error,
    /** What was begun is given up, what was shown is not shown again. */
    look(): void {
      secret.value = null;
      codes.value = [];
      error.value = '';
      step.value = 'looking';
    },
    ask(next: 'password' | 'renewing' | 'removing'): void {
      error.value = '';
      step.value = next;
    },
    begin: (password: string) =>
      attempt(async () => {
        secret.value = await security.beginTwoStep(password);
        step.value = 'secret';
      }),
    confirm: (code: string) => attempt(async () => show(await security.confirmTwoStep(typedCode(code)))),
    renew: (password: string, code: string) => attempt(async () => show(await security.renewRecoveryCodes(password, typedCode(code)))),
    remove: (password: string, code: string) =>
      attempt(async () => {
        await security.removeTwoStep(password, typedCode(code));
        enabled.value = false;
        step.value = 'looking';
      }),
  };
}
