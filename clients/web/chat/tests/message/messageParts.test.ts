import type { ChatItem, Mark } from '@chat/sdk';
import { describe, expect, it } from 'vitest';
import { messageParts } from '../../src/message/messageParts';

const mention = (start: number, length: number, principalId = 7): Mark => ({ kind: 'mention', start, length, principalId });

function parts(text: string, marks: readonly Mark[], shown = text): (string | number | null)[][] {
  const item = { text, content: { kind: 'text', marks } } as unknown as ChatItem;
  return messageParts(item, shown).map((part) => [part.text, part.principalId ?? part.href]);
}

describe('a text with mentions', () => {
  it('is cut at them and at its links, and nothing of it is lost', () => {
    expect(parts('👋 @Anna, see https://a.example', [mention(3, 5)])).toEqual([
      ['👋 ', null],
      ['@Anna', 7],
      [', see ', null],
      ['https://a.example', 'https://a.example'],
    ]);
    expect(parts('@Anna@Bert', [mention(0, 5), mention(5, 5, 8)])).toEqual([
      ['@Anna', 7],
      ['@Bert', 8],
    ]);
  });

  it('is one piece without any, with other marks, and where something else is shown', () => {
    expect(parts('plain', [])).toEqual([['plain', null]]);
    expect(parts('plain', [{ kind: 'bold', start: 0, length: 2 }])).toEqual([['plain', null]]);
    expect(parts('@Anna', [mention(0, 5)], 'Photo')).toEqual([['Photo', null]]);
  });

  it('shows two that overlap as the first', () => {
    expect(parts('@Anna B', [mention(0, 5), mention(3, 4, 8)])).toEqual([
      ['@Anna', 7],
      [' B', null],
    ]);
  });
});
