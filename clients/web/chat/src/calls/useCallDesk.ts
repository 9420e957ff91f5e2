import { type InjectionKey, inject, provide, type ShallowRef } from 'vue';
import { useI18n } from 'vue-i18n';
import { type LoadedLater, loadWhenListed } from '../connection/loadWhenListed';
import type { Connection } from '../connection/useConnection';
import { useErrors } from '../connection/useErrors';
import { withWords } from '../i18n';
import { useToasts } from '../ui/useToasts';
import type { CallDesk } from './callDesk';

const key: InjectionKey<LoadedLater<CallDesk>> = Symbol('call desk');

/** Has calls heard from when the chats are there: what they need is loaded after them. Null until then. */
export function provideCallDesk(connection: Connection): Readonly<ShallowRef<CallDesk | null>> {
  const { t } = useI18n();
  const { toast } = useErrors();
  const { showError, showInfo } = useToasts();
  const desk = loadWhenListed(connection.isListed, async () => {
    const { createCallDesk, mediaFault } = await withWords('calls', () => import('./callDesk'));
    const onFault = (error: unknown) => {
      const fault = mediaFault(error);
      if (fault === null) toast(error);
      else showError(t(`calls.${fault}`));
    };
    return () =>
      createCallDesk(connection, {
        onFault,
        onMissed: (id) => showInfo(t('calls.missedFrom', { name: connection.nameOf(id) ?? t('system.someone') })),
        onElsewhere: () => showInfo(t('calls.elsewhere')),
      });
  });
  provide(key, desk);
  return desk.value;
}

/** Whether the desk could not be loaded, and how to try again. */
export function useCallDeskLoad(): LoadedLater<CallDesk> {
  const desk = inject(key);
  if (!desk) throw new Error('useCallDesk was called outside of the chat shell, which provides it.');
  return desk;
}

export function useCallDesk(): Readonly<ShallowRef<CallDesk | null>> {
  return useCallDeskLoad().value;
}
