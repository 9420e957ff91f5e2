// The arithmetic of the message list's scroll box, apart from the DOM.

export interface ScrollBox {
  readonly scrollTop: number;
  readonly scrollHeight: number;
  readonly clientHeight: number;
}

/** Within this many pixels of the end the list counts as being at its end and follows new messages. */
export const EndThresholdPx = 80;
/** Older messages are asked for before the reader reaches the first one. */
export const OlderThresholdPx = 900;

export function distanceFromEnd({ scrollTop, scrollHeight, clientHeight }: ScrollBox): number {
  return Math.max(0, scrollHeight - scrollTop - clientHeight);
}

export function isAtEnd(box: ScrollBox): boolean {
  return distanceFromEnd(box) <= EndThresholdPx;
}

export function wantsOlder(fromTop: number): boolean {
  return fromTop < OlderThresholdPx;
}

const LinePx = 21;
/** What a line loses, because it breaks between words. */
const BreakPx = 18;
/** The time behind the last word. */
const TimePx = 60;

/** How much room a bubble has for its text in a list that is so wide, on a wide page or a phone: as MessageLine and MessageBubble are laid out. */
export function bubblePx(listPx: number, hasPicture: boolean, wide: boolean): number {
  const row = (wide ? listPx * 0.88 : listPx - 24) - (hasPicture ? 40 : 0);
  return Math.max(100, (wide ? Math.min(row * 0.7, 576) : row * 0.85) - 24);
}

/** Lines of paragraphs that would be so wide on one line. */
export function linesOf(paragraphs: readonly number[], bubble: number): number {
  return paragraphs.reduce((lines, px, i) => {
    const width = px + (i === paragraphs.length - 1 ? TimePx : 0);
    return lines + (width <= bubble ? 1 : Math.ceil(width / (bubble - BreakPx)));
  }, 0);
}

/** First guess of a row's height before it is measured; close guesses keep the scroll bar calm. */
export function estimateRowPx(
  lines: number,
  extras: { chip: boolean; starts: boolean; name: boolean; quote: boolean; media: number },
): number {
  const above = (extras.chip ? 40 : 0) + (extras.starts ? 8 : 2);
  return above + 12 + lines * LinePx + (extras.name ? 20 : 0) + (extras.quote ? 52 : 0) + extras.media;
}

/** How far the box must move so that an anchor that stood at `before` stands there again. */
export function anchorShift(before: number, after: number): number {
  return Math.round(after - before);
}
