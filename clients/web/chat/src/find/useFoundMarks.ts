import { onScopeDispose, type Ref, watch } from 'vue';
import { placesOf } from './words';

const Names = ['found', 'found-here'] as const;

/**
 * Marks words in the messages that are drawn, without touching them (CSS Custom Highlight API); a browser that has none shows them unmarked.
 * @param here Key of the row that is looked at: its words stand out among the others.
 */
export function useFoundMarks(words: Readonly<Ref<readonly string[]>>, here: Readonly<Ref<string | null>>): void {
  if (!('highlights' in CSS)) return;
  const feed = document.querySelector('[role="feed"]');
  if (!feed) return;
  let frame = 0;

  function mark(): void {
    frame = 0;
    const marks = Names.map(() => new Highlight());
    for (const text of feed?.querySelectorAll('[data-text]') ?? []) {
      const isHere = here.value !== null && text.closest<HTMLElement>('[data-row]')?.dataset['row'] === here.value;
      for (const range of rangesIn(text, words.value)) marks[isHere ? 1 : 0]?.add(range);
    }
    for (const [i, name] of Names.entries()) CSS.highlights.set(name, marks[i] ?? new Highlight());
  }

  function markSoon(): void {
    if (frame === 0) frame = requestAnimationFrame(mark);
  }

  const observer = new MutationObserver(markSoon);
  observer.observe(feed, { childList: true, characterData: true, subtree: true });
  watch([words, here], markSoon, { immediate: true });
  onScopeDispose(() => {
    observer.disconnect();
    cancelAnimationFrame(frame);
    for (const name of Names) CSS.highlights.delete(name);
  });
}

/** A text may lie in several nodes, one for each address and name in it: words are looked for in each. */
function rangesIn(text: Element, words: readonly string[]): Range[] {
  const nodes = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
  const ranges: Range[] = [];
  for (let node = nodes.nextNode(); node; node = nodes.nextNode()) {
    if (node.parentElement?.closest('[aria-hidden]')) continue; // the room that is kept for the time
    for (const { start, length } of placesOf(node.nodeValue ?? '', words)) {
      const range = new Range();
      range.setStart(node, start);
      range.setEnd(node, start + length);
      ranges.push(range);
    }
  }
  return ranges;
}
