import { expect, it } from 'vitest';
import { best, fold, score } from '../../src/shortcuts/matching';

const names = ['Book club', 'Ben Okafor', 'Übersetzer', 'New group', 'Carla Núñez', 'Sign out'];
const found = (query: string, count = 10) => best(names, query, (name) => name, count);

it('finds by the beginnings of words in any order, whatever the accents', () => {
  expect(found('oka ben')).toEqual(['Ben Okafor']);
  expect(found('uber')).toEqual(['Übersetzer']);
  expect(found('nun')).toEqual(['Carla Núñez']);
  expect(found('gr new')).toEqual(['New group']);
});

it('puts the beginning of the name before that of a word, this before a part, and this before letters in their order', () => {
  const all = ['a rhubarb', 'Crab bar', 'Bar', 'Bear'];
  expect(best(all, 'bar', (name) => name, 10)).toEqual(['Bar', 'Crab bar', 'a rhubarb', 'Bear']);
  expect(best(all, 'br', (name) => name, 10)).toEqual([]);
});

it('wants every word, and keeps the order of equals', () => {
  expect(found('ben group')).toEqual([]);
  expect(best(['Anna', 'Anton', 'Ant'], 'an', (name) => name, 2)).toEqual(['Anna', 'Anton']);
  expect(score(fold('Ben'), 'z')).toBe(0);
  expect(found('   ', 2)).toEqual(['Book club', 'Ben Okafor']);
});
