import type { ChatItem } from '@chat/sdk';
import type { Ref } from 'vue';
import { carriedPx } from '../media/sizes';
import type { MessageRow } from './rows';
import { bubblePx, estimateRowPx, linesOf } from './scrollPosition';

/** Where no text can be measured, at 15 px. */
const LetterPx = 7.5;

/** Guesses how high rows are before they are there. The nearer it is, the less is to be set right while one scrolls. */
export function useRowGuess(box: Readonly<Ref<HTMLElement | null>>, isGroup: () => boolean) {
  const widths = new WeakMap<ChatItem, readonly number[]>();
  const wide = matchMedia('(min-width: 48rem)');
  let pen: CanvasRenderingContext2D | null | undefined;

  /** Of each of its paragraphs, once: lists of thousands are guessed again whenever some come. */
  function widthsOf(item: ChatItem): readonly number[] {
    const known = widths.get(item);
    if (known) return known;
    if (pen === undefined && box.value) {
      pen = document.createElement('canvas').getContext('2d');
      if (pen) pen.font = getComputedStyle(box.value).font;
    }
    const found = (item.text ?? '').split('\n').map((text) => pen?.measureText(text).width ?? text.length * LetterPx);
    if (pen !== undefined) widths.set(item, found);
    return found;
  }

  /** @param listPx How wide the list is. */
  return (row: MessageRow, listPx: number): number => {
    const { item } = row;
    const shows = isGroup() && !item.own;
    return estimateRowPx(row.kind === 'system' ? 1 : linesOf(widthsOf(item), bubblePx(listPx, shows, wide.matches)), {
      chip: row.startsDay || row.startsUnread,
      starts: row.startsGroup,
      name: row.startsGroup && shows,
      quote: item.replyTo !== undefined,
      media: carriedPx(item),
    });
  };
}
