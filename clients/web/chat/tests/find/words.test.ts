import { expect, it } from 'vitest';
import { placesOf, wordsIn } from '../../src/find/words';

const marked = (text: string, query: string) =>
  placesOf(text, wordsIn(query)).map(({ start, length }) => text.slice(start, start + length));

it.each([
  ['Meet at noon, at the river', 'AT', ['at', 'at']],
  ['Über uns', 'uber', ['Über']],
  ['cafe\u0301 and café', 'CAFE', ['cafe\u0301', 'café']],
  ['👋 hello 👋', '👋', ['👋', '👋']],
  ['İstanbul', 'istanbul', ['İstanbul']],
  ['会議は川で', '川', ['川']],
  ['كتابٌ جديد', 'كتاب', ['كتابٌ']],
  ['none of it', 'xyz', []],
  ['anything', ' ', []],
])('in %o, %o stands at %o', (text, query, found) => expect(marked(text, query)).toEqual(found));

it('words that lie in each other are marked once', () => {
  expect(marked('riverside', 'river riverside side')).toEqual(['riverside']);
});
