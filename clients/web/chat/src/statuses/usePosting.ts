import type { NewStatus } from '@chat/sdk';
import { ref } from 'vue';
import { useI18n } from 'vue-i18n';
import { useErrors } from '../connection/useErrors';
import { useToasts } from '../ui/useToasts';
import type { StatusFeed } from './statusFeed';

/** Of a text or caption (protocol-spec.md §6.38). */
export const MostCharacters = 700;

/** Posts what one shows. One that may have arrived and is posted again unchanged is posted once. */
export function usePosting({ statuses, refresh }: Pick<StatusFeed, 'statuses' | 'refresh'>) {
  const { t } = useI18n();
  const { toast } = useErrors();
  const { showInfo } = useToasts();
  const busy = ref(false);
  let last: NewStatus | null = null;

  /** True if it was posted. A fault is told, and leaves all as it was. */
  async function post(status: NewStatus): Promise<boolean> {
    if (busy.value) return false;
    busy.value = true;
    // The SDK knows a retry by the object.
    last = last && JSON.stringify(last) === JSON.stringify(status) ? last : status;
    try {
      await statuses.post(last);
      last = null;
      showInfo(t('statuses.compose.posted'));
      void refresh();
      return true;
    } catch (fault) {
      toast(fault);
      return false;
    } finally {
      busy.value = false;
    }
  }
  return { busy, post };
}
