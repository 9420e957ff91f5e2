import type { Reaction } from '@chat/sdk';
import { describe, expect, it, vi } from 'vitest';
import { emojiGroups } from '../../../src/message/reactions/emoji';
import { gridStep } from '../../../src/message/reactions/gridStep';
import { quickReactions } from '../../../src/message/reactions/quick';
import { useReactors } from '../../../src/message/reactions/useReactors';

describe('the emoji', () => {
  it('are each one character as people see it, at most 64 bytes, and stand there once', () => {
    const all = emojiGroups.flatMap((group) => group.emoji);
    const segments = new Intl.Segmenter('en', { granularity: 'grapheme' });
    const bad = all.filter((emoji) => [...segments.segment(emoji)].length !== 1 || new TextEncoder().encode(emoji).length > 64);
    expect(bad).toEqual([]);
    expect(new Set(all).size).toBe(all.length);
    expect(quickReactions.every((emoji) => all.includes(emoji))).toBe(true);
  });

  it('are walked by the arrows as they are seen', () => {
    // a b c / d e
    const places = [0, 40, 80, 0, 40].map((x, i) => ({ x, y: i < 3 ? 0 : 40 }));
    expect(gridStep('ArrowRight', 2, places, false)).toBe(3);
    expect(gridStep('ArrowLeft', 0, places, false)).toBe(0);
    expect(gridStep('ArrowLeft', 0, places, true)).toBe(1);
    expect(gridStep('ArrowDown', 1, places, false)).toBe(4);
    expect(gridStep('ArrowDown', 2, places, false)).toBe(4);
    expect(gridStep('ArrowDown', 4, places, false)).toBe(4);
    expect(gridStep('ArrowUp', 3, places, false)).toBe(0);
    expect(gridStep('Enter', 3, places, false)).toBeNull();
  });
});

describe('who reacted', () => {
  const reaction = (principalId: number, emoji = '👍'): Reaction => ({ principalId, emoji });
  const nameOf = (id: number) => `P${id}`;

  it('is asked for once as long as nothing changed, and again after a fault', async () => {
    const reactions = vi.fn(async () => [reaction(2), reaction(1), reaction(3, '🎉')]);
    const { look, names } = useReactors(reactions);
    reactions.mockRejectedValueOnce(new Error('away'));
    await look(5, 9);
    expect(names('👍', 1, nameOf, 'You')).toEqual({ named: [], more: 0 });
    await look(5, 9);
    await look(5, 9);
    expect(reactions).toHaveBeenCalledTimes(2);
    expect(names('👍', 1, nameOf, 'You')).toEqual({ named: ['You', 'P2'], more: 0 });
    await look(5, 10);
    expect(reactions).toHaveBeenCalledTimes(3);
  });

  it('names ten, and counts the others', async () => {
    const { look, names } = useReactors(async () => Array.from({ length: 12 }, (_, i) => reaction(i + 2)));
    await look(5, 9);
    const { named, more } = names('👍', 1, nameOf, 'You');
    expect([named.length, more]).toEqual([10, 2]);
  });
});
