import { expect, it } from 'vitest';
import { typingText } from '../../src/presence/presenceText';

it('names one or two who type, counts more, and needs no name in a direct chat', () => {
  expect(typingText([], true)).toBeNull();
  expect(typingText(['Ann'], true)?.key).toBe('presence.typing');
  expect(typingText(['Ann'], false)).toEqual({ key: 'presence.typingOne', params: { a: 'Ann' } });
  expect(typingText(['Ann', 'Bo'], false)).toEqual({ key: 'presence.typingTwo', params: { a: 'Ann', b: 'Bo' } });
  expect(typingText(['Ann', 'Bo', 'Cy'], false)?.params.count).toBe(3);
});
