import { expect, it } from 'vitest';
import { AvatarColors, avatarColor, initials } from '../../src/ui/avatarColor';

it('initials are of the first and last word, whole letters of any script', () => {
  expect(initials('Anna Maria Berger')).toBe('AB');
  expect(initials('  ben ')).toBe('B');
  expect(initials('佐藤 健')).toBe('佐健');
  expect(initials('😀 !')).toBe('?');
  expect(initials('')).toBe('?');
});

it('a colour is stable and in range for every id', () => {
  for (const id of [0, 1, 2, 1_000_000, Number.MAX_SAFE_INTEGER]) {
    expect(avatarColor(id)).toBe(avatarColor(id));
    expect(avatarColor(id)).toBeGreaterThanOrEqual(0);
    expect(avatarColor(id)).toBeLessThan(AvatarColors);
  }
});
