// BlurHash (blurha.sh): a picture in about thirty characters, good enough to stand for it until it is there.

const Digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz#$%*+,-.:;=?@[]^_{|}~';

type Colour = [red: number, green: number, blue: number];

export interface Pixels {
  readonly width: number;
  readonly height: number;
  /** Red, green, blue and opacity of each, row by row. */
  readonly data: Uint8ClampedArray<ArrayBuffer>;
}

/** The hash of a small picture; more components along the longer side. */
export function encodeBlurHash({ width, height, data }: Pixels): string {
  const across = width >= height ? 4 : 3;
  const down = width >= height ? 3 : 4;
  const factors: Colour[] = [];
  for (let y = 0; y < down; y += 1) for (let x = 0; x < across; x += 1) factors.push(factorOf(data, width, height, x, y));
  const [mean = [0, 0, 0], ...rest] = factors;

  const largest = Math.max(...rest.flat().map(Math.abs));
  const scale = Math.max(0, Math.min(82, Math.floor(largest * 166 - 0.5)));
  const unit = (scale + 1) / 166;
  const level = (value: number) => clamp(Math.floor(signedPower(value / unit, 0.5) * 9 + 9.5), 18);
  const head = digits(across - 1 + (down - 1) * 9, 1) + digits(scale, 1);
  const [red, green, blue] = mean.map(toSrgb) as Colour;
  return (
    head +
    digits(red * 65_536 + green * 256 + blue, 4) +
    rest.map(([r, g, b]) => digits(level(r) * 361 + level(g) * 19 + level(b), 2)).join('')
  );
}

/** The blurred picture, or null where the text is no hash: it comes from others. */
export function decodeBlurHash(hash: string, width: number, height: number): Pixels | null {
  const size = numberIn(hash.slice(0, 1));
  const across = (size % 9) + 1;
  const down = Math.floor(size / 9) + 1;
  if (hash.length !== 4 + 2 * across * down || [...hash].some((digit) => !Digits.includes(digit))) return null;

  const unit = (numberIn(hash.slice(1, 2)) + 1) / 166;
  const mean = numberIn(hash.slice(2, 6));
  const factors: Colour[] = [[toLinear(mean >> 16), toLinear((mean >> 8) & 255), toLinear(mean & 255)]];
  for (let at = 6; at < hash.length; at += 2) {
    const value = numberIn(hash.slice(at, at + 2));
    const levels: Colour = [Math.floor(value / 361), Math.floor(value / 19) % 19, value % 19];
    factors.push(levels.map((level) => signedPower((level - 9) / 9, 2) * unit) as Colour);
  }

  const data = new Uint8ClampedArray(width * height * 4);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const sum: Colour = [0, 0, 0];
      factors.forEach((factor, i) => {
        const basis = Math.cos((Math.PI * x * (i % across)) / width) * Math.cos((Math.PI * y * Math.floor(i / across)) / height);
        for (let channel = 0; channel < 3; channel += 1) sum[channel as 0] += (factor[channel as 0] ?? 0) * basis;
      });
      data.set([...sum.map(toSrgb), 255], 4 * (y * width + x));
    }
  }
  return { width, height, data };
}

function factorOf(data: Uint8ClampedArray, width: number, height: number, i: number, j: number): Colour {
  const sum: Colour = [0, 0, 0];
  const norm = i === 0 && j === 0 ? 1 : 2;
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const basis = norm * Math.cos((Math.PI * i * x) / width) * Math.cos((Math.PI * j * y) / height);
      const at = 4 * (y * width + x);
      for (let channel = 0; channel < 3; channel += 1) sum[channel as 0] += basis * toLinear(data[at + channel] ?? 0);
    }
  }
  return sum.map((value) => value / (width * height)) as Colour;
}

function digits(value: number, length: number): string {
  return Array.from({ length }, (_, i) => Digits[Math.floor(value / 83 ** (length - 1 - i)) % 83]).join('');
}

function numberIn(text: string): number {
  return [...text].reduce((value, digit) => value * 83 + Digits.indexOf(digit), 0);
}

function toLinear(value: number): number {
  const part = value / 255;
  return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
}

function toSrgb(value: number): number {
  const part = Math.max(0, Math.min(1, value));
  return Math.round((part <= 0.0031308 ? part * 12.92 : 1.055 * part ** (1 / 2.4) - 0.055) * 255);
}

function signedPower(value: number, exponent: number): number {
  return Math.sign(value) * Math.abs(value) ** exponent;
}

function clamp(value: number, most: number): number {
  return Math.max(0, Math.min(most, value));
}
