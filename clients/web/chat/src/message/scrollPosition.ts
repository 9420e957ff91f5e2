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

export function wantsOlder(box: ScrollBox): boolean {
  return box.scrollTop < OlderThresholdPx;
}

/** First guess of a row's height before it is measured; close guesses keep the scroll bar calm. */
export function estimateRowPx(
  textLength: number,
  lineBreaks: number,
  extras: { chip: boolean; name: boolean; quote: boolean; media: number },
): number {
  const lines = Math.max(1, Math.ceil(textLength / 55)) + lineBreaks;
  return 20 + lines * 21 + (extras.chip ? 48 : 0) + (extras.name ? 30 : 0) + (extras.quote ? 52 : 0) + extras.media;
}

/** How far the box must move so that an anchor that stood at `before` stands there again. */
export function anchorShift(before: number, after: number): number {
  return Math.round(after - before);
}
