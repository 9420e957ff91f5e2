import type { Status, StatusFont } from '@chat/sdk';

/** Backgrounds that one may choose; text on each is 4.5:1 or better, white or black (`inkOn`). */
export const Backgrounds = {
  teal: '#0F766E',
  blue: '#1D5FA8',
  violet: '#5B46B8',
  rose: '#9D3A7C',
  red: '#A83228',
  orange: '#9A4B0E',
  sun: '#F2C94C',
  green: '#2F7035',
  slate: '#46545C',
  night: '#111A1F',
} as const;
export type BackgroundName = keyof typeof Backgrounds;

export const Fonts = ['sans', 'serif', 'mono', 'script', 'bold'] as const satisfies readonly StatusFont[];

/** Classes, spelt out because Tailwind finds them by reading the source. */
const fontClasses: Readonly<Record<StatusFont, string>> = {
  sans: 'font-medium',
  serif: 'font-[Georgia,"Times_New_Roman",serif]',
  mono: 'font-mono',
  script: 'font-[cursive] italic',
  bold: 'font-extrabold',
};

export function fontClass(font: Status['font']): string {
  return font === null || font === 'unknown' ? fontClasses.sans : fontClasses[font];
}

/** The colour, or a good one where there is none or it is no colour: it comes from others. */
export function backgroundOf(background: string | null): string {
  return background !== null && /^#[0-9a-f]{6}$/iu.test(background) ? background : Backgrounds.slate;
}

/** Black or white, whichever stands out more: at least 4.5:1 on any colour (WCAG 2.2, relative luminance). */
export function inkOn(background: string): '#000000' | '#ffffff' {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(background.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  const luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  return (luminance + 0.05) / 0.05 > 1.05 / (luminance + 0.05) ? '#000000' : '#ffffff';
}

/** A short text stands large, a long one small enough to be seen whole. */
export function textSizeClass(text: string): string {
  const { length } = [...text];
  if (length <= 60) return 'text-4xl leading-snug';
  if (length <= 160) return 'text-2xl leading-snug';
  return length <= 360 ? 'text-xl leading-normal' : 'text-base leading-normal';
}
