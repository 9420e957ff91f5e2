import type { Typing } from '@chat/sdk';
import { computed, onScopeDispose, ref, watch } from 'vue';
import { isComposing } from '../ui/isComposing';
import { draftOf, setDraft } from './useDraft';

/** The server's bound for a text, in bytes of UTF-8 (spec §10). */
export const MaxTextBytes = 16_384;

/** What a key press in the composer means. */
export type ComposerKey = 'send' | 'up' | 'cancel' | 'none';

export interface KeyPress {
  readonly key: string;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly isComposing: boolean;
  readonly keyCode: number;
}

/**
 * Enter sends, Shift+Enter breaks the line. An Enter that ends an input method's composition does neither. On a touch keyboard Enter breaks the
 * line, and the button sends.
 */
export function composerKey(press: KeyPress, touch: boolean, empty: boolean): ComposerKey {
  if (isComposing(press)) return 'none';
  if (press.key === 'Enter') {
    if (press.ctrlKey || press.metaKey) return 'send';
    return press.shiftKey || press.altKey || touch ? 'none' : 'send';
  }
  if (press.key === 'ArrowUp' && empty && !press.shiftKey && !press.ctrlKey && !press.metaKey && !press.altKey) return 'up';
  return press.key === 'Escape' ? 'cancel' : 'none';
}

export function textBytes(text: string): number {
  return new TextEncoder().encode(text).length;
}

/** Text being written in one chat: kept as its draft, told to others as typing, bounded in bytes. */
export function useComposer(chatId: number, typing: Pick<Typing, 'start' | 'stop'>) {
  const text = ref(draftOf(chatId));
  const trimmed = computed(() => text.value.trim());
  const overBytes = computed(() => Math.max(0, textBytes(trimmed.value) - MaxTextBytes));
  const canSend = computed(() => trimmed.value !== '' && overBytes.value === 0);

  watch(text, (now) => {
    setDraft(chatId, now);
    if (now.trim() === '') typing.stop(chatId);
    else typing.start(chatId);
  });
  onScopeDispose(() => typing.stop(chatId));

  /** The text to send, and an empty composer; null when there is nothing that may be sent. */
  function take(): string | null {
    if (!canSend.value) return null;
    const taken = trimmed.value;
    text.value = '';
    return taken;
  }
  return { text, overBytes, canSend, take };
}
