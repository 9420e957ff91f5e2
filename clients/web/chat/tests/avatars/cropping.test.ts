import { describe, expect, it } from 'vitest';
import { fitted, mostZoom, moved, squareOf, wholeCrop } from '../../src/avatars/cropping';

const wide = { width: 900, height: 600 };

describe('the square that is kept of a picture', () => {
  it('is at first the largest that fits, in the middle', () => {
    expect(squareOf(wide, wholeCrop(wide))).toEqual({ left: 150, top: 0, side: 600 });
  });

  it('moves by parts of its side, and never out of the picture', () => {
    const crop = moved(wide, wholeCrop(wide), 0.1, 0.5);
    expect(squareOf(wide, crop)).toEqual({ left: 210, top: 0, side: 600 });
    expect(squareOf(wide, moved(wide, crop, 3, -3))).toEqual({ left: 300, top: 0, side: 600 });
    expect(squareOf(wide, moved(wide, { x: 450, y: 300, zoom: 2 }, -9, 9))).toEqual({ left: 0, top: 300, side: 300 });
  });

  it('zooms around its middle, and stays in the picture when it grows', () => {
    expect(squareOf(wide, fitted(wide, { x: 450, y: 300, zoom: 3 }))).toEqual({ left: 350, top: 200, side: 200 });
    expect(squareOf(wide, fitted(wide, { x: 50, y: 580, zoom: 2 }))).toEqual({ left: 0, top: 300, side: 300 });
    expect(fitted(wide, { x: 450, y: 300, zoom: 0.2 }).zoom).toBe(1);
  });

  it('gets no smaller than what can still be seen, and a tiny picture is kept whole', () => {
    expect([mostZoom(wide), mostZoom({ width: 192, height: 400 }), mostZoom({ width: 40, height: 30 })]).toEqual([6, 2, 1]);
    const tiny = { width: 40, height: 30 };
    expect(squareOf(tiny, fitted(tiny, { x: 0, y: 0, zoom: 9 }))).toEqual({ left: 0, top: 0, side: 30 });
  });
});
