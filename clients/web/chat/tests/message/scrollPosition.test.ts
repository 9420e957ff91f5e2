import { describe, expect, it } from 'vitest';
import {
  anchorShift,
  distanceFromEnd,
  EndThresholdPx,
  estimateRowPx,
  isAtEnd,
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
    expect(wantsOlder(box(OlderThresholdPx - 1))).toBe(true);
    expect(wantsOlder(box(OlderThresholdPx))).toBe(false);
  });

  it('moves by what the anchor moved, in whole pixels', () => {
    expect(anchorShift(121, 171)).toBe(50);
    expect(anchorShift(121.2, 121.4)).toBe(0);
    expect(anchorShift(100, 60)).toBe(-40);
  });

  it('guesses taller rows for longer texts and for what stands above them', () => {
    const plain = { chip: false, name: false, quote: false, media: 0 };
    expect(estimateRowPx(0, 0, plain)).toBe(estimateRowPx(10, 0, plain));
    expect(estimateRowPx(200, 0, plain)).toBeGreaterThan(estimateRowPx(20, 0, plain));
    expect(estimateRowPx(20, 3, plain)).toBeGreaterThan(estimateRowPx(20, 0, plain));
    expect(estimateRowPx(20, 0, { chip: true, name: true, quote: true, media: 0 })).toBeGreaterThan(estimateRowPx(20, 0, plain) + 100);
  });
});
