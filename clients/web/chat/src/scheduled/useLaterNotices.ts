import { useI18n } from 'vue-i18n';
import { dayAndTime } from '../i18n/time';
import { useToasts } from '../ui/useToasts';

/** Tells what became of what is sent later. */
export function useLaterNotices() {
  const { t, locale } = useI18n();
  const { showError, showInfo } = useToasts();
  return {
    scheduled: (dueAt: Date): void => showInfo(t('scheduled.willBeSent', { when: dayAndTime(dueAt.getTime(), Date.now(), locale.value) })),
    overdue: (): void => showError(t('scheduled.overdue')),
  };
}
