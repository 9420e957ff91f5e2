import { firstLink, type LinkPreview, type LinkPreviewAnswer, type LinkPreviews } from '@chat/sdk';
import { onScopeDispose, type Ref, shallowRef, watch } from 'vue';

export const PauseMs = 600;

/** Answers that a composer remembers: more links than anybody writes in one sitting. */
const MostKnown = 50;

/**
 * The card of the first link of a text, asked for when its writer pauses. It goes with the link, or when it is taken away, which holds for that
 * link until another one stands first. Nothing waits for it. What was there before anybody wrote, a draft, is not asked for until it is touched:
 * to open a chat tells no site of it. Each address is asked for once, for its picture is a new file each time.
 */
export function useLinkPreview(text: Readonly<Ref<string>>, chatId: number, previews: LinkPreviews) {
  const preview = shallowRef<LinkPreview | null>(null);
  let wanted: string | null = null; // the link that was asked for, or taken away
  let timer: ReturnType<typeof setTimeout> | undefined;
  const known = new Map<string, Promise<LinkPreviewAnswer | null>>();

  function answerOf(url: string): Promise<LinkPreviewAnswer | null> {
    const before = known.get(url);
    if (before) return before;
    const answer = previews.read(url, { chatId }).catch(() => {
      known.delete(url); // busy, or away: the text goes without, and the next one may have it
      return null;
    });
    const [oldest] = known.keys();
    if (known.size >= MostKnown && oldest !== undefined) known.delete(oldest);
    known.set(url, answer);
    return answer;
  }

  async function ask(url: string): Promise<void> {
    wanted = url;
    const answer = await answerOf(url);
    if (wanted === url && answer?.preview) preview.value = answer.preview;
  }

  watch(text, (now) => {
    clearTimeout(timer);
    const url = firstLink(now);
    if (url === wanted) return;
    preview.value = null;
    if (url === null) wanted = null;
    else timer = setTimeout(() => void ask(url), PauseMs);
  });
  onScopeDispose(() => clearTimeout(timer));

  /** The card that goes with a text that is sent now; there is none for the next one. */
  function take(sent: string): LinkPreview | null {
    const taken = preview.value;
    clearTimeout(timer);
    preview.value = null;
    wanted = null;
    return taken !== null && firstLink(sent) === taken.url ? taken : null;
  }

  function dismiss(): void {
    preview.value = null;
  }
  return { preview, take, dismiss };
}
