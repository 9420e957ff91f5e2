import { tagFor } from '../i18n/languages';
import { keepForWorker, keptForWorker } from './workerKept';

const Place = '/push-language';

/** What the page was last shown in here; before it ever was, what it would be. */
export async function pushLanguage(wanted: readonly string[]): Promise<string> {
  return (await keptForWorker(Place)) || tagFor(null, wanted);
}

export async function keepPushLanguage(tag: string): Promise<void> {
  await keepForWorker(Place, tag);
}
