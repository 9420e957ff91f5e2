import { create } from 'qrcode';

export interface QrPath {
  /** Of an SVG, in modules; the light border of four that scanners want is counted in. */
  readonly side: number;
  /** The dark modules. */
  readonly path: string;
}

const Border = 4;

/** A QR code as one path: the page's Content Security Policy wants no picture from a string, and it is sharp at every size. */
export function qrPath(text: string): QrPath {
  const { size, data } = create(text, { errorCorrectionLevel: 'M' }).modules;
  const parts: string[] = [];
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      if (!data[y * size + x]) continue;
      const from = x;
      while (x + 1 < size && data[y * size + x + 1]) x++;
      parts.push(`M${from + Border} ${y + Border}h${x - from + 1}v1h-${x - from + 1}z`);
    }
  }
  return { side: size + 2 * Border, path: parts.join('') };
}
