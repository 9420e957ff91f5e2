import { getCurrentScope, type InjectionKey, inject, onScopeDispose, provide, type ShallowRef, shallowRef, watch } from 'vue';
import { useI18n } from 'vue-i18n';
import type { Connection } from '../connection/useConnection';
import { useErrors } from '../connection/useErrors';
import { withWords } from '../i18n';
import { useToasts } from '../ui/useToasts';
import type { CallDesk } from './callDesk';

const key: InjectionKey<Readonly<ShallowRef<CallDesk | null>>> = Symbol('call desk');

/** Has calls heard from when the chats are there: what they need is loaded after them. Null until then. */
export function provideCallDesk(connection: Connection): Readonly<ShallowRef<CallDesk | null>> {
  const { t } = useI18n();
  const { toast } = useErrors();
  const { showError, showInfo } = useToasts();
  const desk = shallowRef<CallDesk | null>(null);
  const scope = getCurrentScope();
  let left = false;
  onScopeDispose(() => {
    left = true;
  });
  watch(
    connection.isListed,
    async (listed) => {
      if (!listed || desk.value) return;
      const { createCallDesk, mediaFault } = await withWords('calls', () => import('./callDesk'));
      if (left) return;
      const onFault = (error: unknown) => {
        const fault = mediaFault(error);
        if (fault === null) toast(error);
        else showError(t(`calls.${fault}`));
      };
      const made = () =>
        createCallDesk(connection, {
          onFault,
          onMissed: (id) => showInfo(t('calls.missedFrom', { name: connection.nameOf(id) ?? t('system.someone') })),
          onElsewhere: () => showInfo(t('calls.elsewhere')),
        });
      desk.value = scope?.run(made) ?? null;
    },
    { immediate: true },
  );
  provide(key, desk);
  return desk;
}

export function useCallDesk(): Readonly<ShallowRef<CallDesk | null>> {
  const desk = inject(key);
  if (!desk) throw new Error('useCallDesk was called outside of the chat shell, which provides it.');
  return desk;
}
