import { useI18n } from 'vue-i18n';
import { useToasts } from '../ui/useToasts';
import { errorText } from './errorText';

/** Tells a person about a fault: as text, or as a toast. */
export function useErrors() {
  const { t } = useI18n();
  const { showError } = useToasts();
  const textOf = (error: unknown) => {
    const { key, params } = errorText(error);
    return t(key, params);
  };
  return { textOf, toast: (error: unknown) => showError(textOf(error)) };
}
