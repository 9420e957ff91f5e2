import { expect, it } from 'vitest';
import { pluralForms, pluralRule } from '../../src/i18n/plural';

it('the forms of a language stand in one order', () => {
  expect(pluralForms('en')).toEqual(['one', 'other']);
  expect(pluralForms('ar-EG')).toEqual(['zero', 'one', 'two', 'few', 'many', 'other']);
  expect(pluralForms('ja')).toEqual(['other']);
});

it.each([
  ['en', 2, { 0: 1, 1: 0, 2: 1, 21: 1 }],
  ['en', 3, { 0: 0, 1: 1, 2: 2 }],
  ['ar', 6, { 0: 0, 1: 1, 2: 2, 3: 3, 10: 3, 11: 4, 99: 4, 100: 5, 102: 5, 103: 3 }],
  ['ja', 2, { 0: 0, 1: 1, 2: 1 }],
])('%s with %d choices takes the one of its form', (tag, choices, places) => {
  const rule = pluralRule(tag);
  for (const [count, place] of Object.entries(places)) expect(rule(Number(count), choices), count).toBe(place);
});
