import { firstLink, type LinkPreview, type LinkPreviews } from '@chat/sdk';
import { onScopeDispose, type Ref, shallowRef, watch } from 'vue';

export const PauseMs = 600;

/**
 * The card of the first link of a text, asked for when its writer pauses. It goes with the link, or when it is taken away, which holds for that
 * link until another one stands first. Nothing waits for it.
 */
export function useLinkPreview(text: Readonly<Ref<string>>, chatId: number, previews: LinkPreviews) {
  const preview = shallowRef<LinkPreview | null>(null);
  let wanted: string | null = null; // the link that was asked for, or taken away
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function ask(url: string): Promise<void> {
    wanted = url;
    const answer = await previews.read(url, { chatId }).catch(() => null); // busy, or away: the text goes without
    if (wanted === url && answer?.preview) preview.value = answer.preview;
  }

  watch(
    text,
    (now) => {
      clearTimeout(timer);
      const url = firstLink(now);
      if (url === wanted) return;
      preview.value = null;
      if (url === null) wanted = null;
      else timer = setTimeout(() => void ask(url), PauseMs);
    },
    { immediate: true },
  );
  onScopeDispose(() => clearTimeout(timer));

  /** The card that goes with a text that is sent now; there is none for the next one. */
  function take(sent: string): LinkPreview | null {
    const taken = preview.value;
    clearTimeout(timer);
    preview.value = null;
    wanted = null;
    return taken !== null && sent.includes(taken.url) ? taken : null;
  }

  function dismiss(): void {
    preview.value = null;
  }
  return { preview, take, dismiss };
}
