import { onScopeDispose, type Ref } from 'vue';
import { isComposing } from '../ui/isComposing';
import type { Layer } from '../ui/useLayer';
import { type Chord, isMac, isPressed, isSingle } from './chords';
import { isCovered } from './covered';
import { type PageShortcut, pageShortcuts } from './shortcuts';

export interface PageKeysPorts {
  readonly actions: Readonly<Record<PageShortcut, () => unknown>>;
  readonly layer: Readonly<Ref<Layer | null>>;
  readonly closeLayer: () => void;
  readonly singleKeys: Readonly<Ref<boolean>>;
  readonly mac?: boolean;
}

/** Listens for the page's shortcuts until the scope ends. What a part of the page did with a key comes first. */
export function listenForKeys({ actions, layer, closeLayer, singleKeys, mac = isMac() }: PageKeysPorts): void {
  function onKeydown(event: KeyboardEvent): void {
    if (event.defaultPrevented || isComposing(event)) return;
    const hit = pageShortcuts.find(({ id, chords }) => chords.some((chord) => isPressed(chord, event, mac) && mayDo(id, chord, event)));
    if (!hit) return;
    event.preventDefault();
    if (hit.id === layer.value) closeLayer();
    else void actions[hit.id]();
  }

  function mayDo(id: PageShortcut, chord: Chord, { target }: KeyboardEvent): boolean {
    // What covers the page has the keys; the same one again takes the palette away.
    if (isCovered()) return id === 'palette' && layer.value === 'palette';
    if (isSingle(chord)) return singleKeys.value && !isField(target);
    // What is written stays; an empty field of a chat has nothing to lose.
    if (id === 'back' && isField(target)) return target.closest('main') !== null && 'value' in target && target.value === '';
    return !(target instanceof HTMLSelectElement && chord.alt); // opens its choices
  }

  document.addEventListener('keydown', onKeydown);
  onScopeDispose(() => document.removeEventListener('keydown', onKeydown));
}

function isField(target: EventTarget | null): target is HTMLElement {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches('input, textarea, select'));
}
