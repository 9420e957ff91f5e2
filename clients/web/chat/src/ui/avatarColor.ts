/** Up to two initials: of the first and the last word, whole code points, upper case. `?` for a name without letters. */
export function initials(name: string): string {
  const words = name
    .trim()
    .split(/\s+/u)
    .map((word) => [...word].find((c) => /[\p{L}\p{N}]/u.test(c)))
    .filter((c) => c !== undefined);
  const picked = words.length > 1 ? [words[0], words[words.length - 1]] : words;
  return picked.join('').toLocaleUpperCase() || '?';
}

export const AvatarColors = 8;

/** A stable colour number for an id; the colours themselves are classes, white text on each is 4.5:1. */
export function avatarColor(id: number): number {
  return (Math.imul(id, 2654435761) >>> 8) % AvatarColors;
}
