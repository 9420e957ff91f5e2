/** The square of a picture that is kept: its middle in the picture's pixels; zoom 1 is the largest square that fits. */
export interface Crop {
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** A side of the square is kept at least this long, in the picture's pixels, where the picture is that large. */
const LeastSide = 96;
const MostZoom = 6;

export function mostZoom({ width, height }: Size): number {
  return Math.min(MostZoom, Math.max(1, Math.min(width, height) / LeastSide));
}

export function wholeCrop({ width, height }: Size): Crop {
  return { x: width / 2, y: height / 2, zoom: 1 };
}

/** Where the square lies in the picture. */
export function squareOf({ width, height }: Size, { x, y, zoom }: Crop): { left: number; top: number; side: number } {
  const side = Math.min(width, height) / zoom;
  return { left: x - side / 2, top: y - side / 2, side };
}

/** The nearest crop whose square lies in the picture. */
export function fitted(picture: Size, { x, y, zoom }: Crop): Crop {
  const near = Math.min(mostZoom(picture), Math.max(1, zoom));
  const half = Math.min(picture.width, picture.height) / near / 2;
  const within = (at: number, length: number) => Math.min(length - half, Math.max(half, at));
  return { x: within(x, picture.width), y: within(y, picture.height), zoom: near };
}

/** Moved by parts of the square's side: 1 to the right shows what lay beside it. */
export function moved(picture: Size, crop: Crop, right: number, down: number): Crop {
  const { side } = squareOf(picture, crop);
  return fitted(picture, { ...crop, x: crop.x + right * side, y: crop.y + down * side });
}
