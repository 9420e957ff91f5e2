import { describe, expect, it } from 'vitest';
import {
  anchorShift,
  bubblePx,
  distanceFromEnd,
  EndThresholdPx,
  estimateRowPx,
  isAtEnd,
  linesOf,
  OlderThresholdPx,
  wantsOlder,
} from '../../src/message/scrollPosition';

const box = (scrollTop: number) => ({ scrollTop, scrollHeight: 5_000, clientHeight: 800 });

describe('scroll position', () => {
  it('counts as the end within the threshold, also when the view overshoots', () => {
    expect(isAtEnd(box(4_200))).toBe(true);
    expect(isAtEnd(box(4_200 - EndThresholdPx))).toBe(true);
    expect(isAtEnd(box(4_200 - EndThresholdPx - 1))).toBe(false);
    expect(distanceFromEnd(box(4_300))).toBe(0);
  });

  it('asks for older messages before the first one is reached', () => {
    expect(wantsOlder(OlderThresholdPx - 1)).toBe(true);
    expect(wantsOlder(OlderThresholdPx)).toBe(false);
  });

  it('moves by what the anchor moved, in whole pixels', () => {
    expect(anchorShift(121, 171)).toBe(50);
    expect(anchorShift(121.2, 121.4)).toBe(0);
    expect(anchorShift(100, 60)).toBe(-40);
  });

  it('guesses lines by the width of each paragraph, the last one with the time behind it', () => {
    expect(linesOf([100], 500)).toBe(1);
    expect(linesOf([450], 500)).toBe(2); // the time has no room beside it
    expect(linesOf([450, 100], 500)).toBe(2);
    expect(linesOf([0, 0, 0], 500)).toBe(3);
    expect(linesOf([2_000], 500)).toBe(5);
  });

  it('guesses taller rows for more lines and for what stands above them', () => {
    const plain = { chip: false, starts: false, name: false, quote: false, media: 0 };
    expect(estimateRowPx(1, plain)).toBe(35);
    expect(estimateRowPx(3, plain)).toBe(77);
    expect(estimateRowPx(1, { chip: true, starts: true, name: true, quote: true, media: 200 })).toBe(353);
  });

  it.each([
    [true, 900, false, 530],
    [true, 2_000, false, 552],
    [true, 900, true, 502],
    [false, 390, false, 287],
    [false, 390, true, 253],
    [false, 60, false, 100],
  ])('on a wide screen: %s, a list of %d px, with pictures: %s, leaves %d px for a text', (wide, list, hasPicture, px) => {
    expect(Math.round(bubblePx(list, hasPicture, wide))).toBe(px);
  });
});
