import type { ChatSummary } from '@chat/sdk';

/** The colours of a chat's wall and of one's own bubbles, each as in the light and in the dark. The others' bubbles are the page's. */
interface Palette {
  readonly wall: Shades;
  readonly own: Shades;
  /** Times and the like on one's own bubbles. */
  readonly ownMuted: Shades;
  /** Links and names. */
  readonly accent: Shades;
}
type Shades = readonly [light: string, dark: string];

/**
 * What a chat may look like, by the names that the service keeps; `default` is the page's own look. A name that has landed stays, for it
 * is kept in chats. Texts are 4.5:1 or better on all that they stand on, ticks and icons 3:1; a test adds that up.
 */
export const palettes = {
  ocean: {
    wall: ['#e8eff6', '#0b131b'],
    own: ['#d3e6fb', '#123f66'],
    ownMuted: ['#45586c', '#b3cce4'],
    accent: ['#0b5499', '#7cc0f7'],
  },
  violet: {
    wall: ['#efecf6', '#120f1a'],
    own: ['#e4dcfa', '#3d2f77'],
    ownMuted: ['#57506f', '#c8bdea'],
    accent: ['#5b41b5', '#c0b1ff'],
  },
  rose: {
    wall: ['#f6edf1', '#190f14'],
    own: ['#fadbe8', '#6b2349'],
    ownMuted: ['#6a4a58', '#e8bfd1'],
    accent: ['#97205c', '#ffa6ce'],
  },
  amber: {
    wall: ['#f5f0e6', '#16120b'],
    own: ['#fbe6bd', '#5a3d0c'],
    ownMuted: ['#635332', '#dfc99d'],
    accent: ['#7c4a08', '#f2bd63'],
  },
  graphite: {
    wall: ['#eceff1', '#0e1113'],
    own: ['#dce2e7', '#37424b'],
    ownMuted: ['#4d5962', '#b9c5ce'],
    accent: ['#3a5162', '#b3cddd'],
  },
} as const satisfies Readonly<Record<string, Palette>>;

export const chatThemes = ['default', 'ocean', 'violet', 'rose', 'amber', 'graphite'] as const satisfies readonly (
  | 'default'
  | keyof typeof palettes
)[];
export type ChatTheme = (typeof chatThemes)[number];

/** By its name; one that another app knows, or none, looks as the page does. */
export function themeNamed(name: string | null | undefined): ChatTheme {
  return chatThemes.find((theme) => theme === name) ?? 'default';
}

/** What a chat looks like to oneself: one's own choice goes before the chat's. */
export function themeOf({ own, details }: Pick<ChatSummary, 'own' | 'details'>): ChatTheme {
  return themeNamed(own.theme ?? details.theme);
}

/** For an element that shows a chat in it; nothing for the page's own look. */
export function themeStyle(theme: ChatTheme): Readonly<Record<`--c-${string}`, string>> {
  if (theme === 'default') return {};
  const { wall, own, ownMuted, accent } = palettes[theme];
  return {
    '--c-wall': shade(wall),
    '--c-own': shade(own),
    '--c-own-muted': shade(ownMuted),
    '--c-accent-text': shade(accent),
    '--c-flash': `color-mix(in srgb, ${shade(accent)} 25%, transparent)`,
  };
}

const shade = ([light, dark]: Shades): string => `light-dark(${light}, ${dark})`;
