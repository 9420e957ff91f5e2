import { useI18n } from 'vue-i18n';
import { useToasts } from '../ui/useToasts';

/** Copies a text and says so, or says that it could not. Without a clipboard (a page that is not secure) `canCopy` is false. */
export function useCopy(): { readonly canCopy: boolean; copy(text: string): Promise<void> } {
  const { t } = useI18n();
  const { showInfo, showError } = useToasts();
  const { clipboard } = navigator as { clipboard?: Clipboard };
  return {
    canCopy: clipboard !== undefined,
    async copy(text) {
      try {
        await clipboard?.writeText(text);
        showInfo(t('message.copied'));
      } catch {
        showError(t('message.copyFailed')); // denied by the person, or by a policy of the page around this one
      }
    },
  };
}
