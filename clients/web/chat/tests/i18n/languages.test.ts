import { readFileSync } from 'node:fs';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { type Language, languageOf, languages, tagFor } from '../../src/i18n/languages';

const script = readFileSync(`${import.meta.dirname}/../../public/locale.js`, 'utf8');

/** What stands at the page's root, and in its head, after `public/locale.js`. */
function beforeFirstPaint(chosen: string | null, wanted: readonly string[], forbidden = false) {
  const documentElement = { lang: '', dir: '' };
  const preloaded: string[] = [];
  runInNewContext(script, {
    navigator: { languages: wanted },
    localStorage: {
      getItem: () => {
        if (forbidden) throw new Error('forbidden');
        return chosen;
      },
    },
    document: {
      documentElement,
      currentScript: { dataset: { en: '/en.js', ar: '/ar.js', ja: '/ja.js' } },
      createElement: () => ({}),
      head: { append: ({ href }: { href: string }) => preloaded.push(href) },
    },
  });
  return { ...documentElement, preloaded };
}

describe('the language', () => {
  it('is the first of the reader’s that the page speaks, in the reader’s own region', () => {
    expect(tagFor(null, ['fr-FR', 'ar-EG', 'en'])).toBe('ar-EG');
    expect(tagFor(null, ['JA-jp'])).toBe('JA-jp');
    expect(tagFor(null, ['fr', 'xx'])).toBe('en');
    expect(tagFor(null, [])).toBe('en');
  });

  it('is the chosen one before all others', () => {
    expect(tagFor('ja', ['ar-EG', 'en-GB'])).toBe('ja');
    expect(tagFor('en', ['ar-EG', 'en-GB'])).toBe('en-GB');
  });

  it('of a tag that the page does not speak is English', () => {
    expect(['ar-EG', 'AR', 'fr', '', 'constructor'].map(languageOf)).toEqual(['ar', 'ar', 'en', 'en', 'en']);
  });
});

it('is the same before the first paint, and turns the page', () => {
  const readers = [['ar-EG', 'en'], ['fr', 'ja-JP'], ['en-GB', 'ar'], ['de'], [], ['JA']];
  for (const chosen of [null, 'en', 'ar', 'ja'] as (Language | null)[])
    for (const wanted of readers) {
      const tag = tagFor(chosen, wanted);
      const language = languageOf(tag);
      const expected = { lang: tag, dir: languages[language].dir, preloaded: [`/${language}.js`] };
      expect(beforeFirstPaint(chosen, wanted), `${chosen} of ${wanted}`).toEqual(expected);
    }
  expect(beforeFirstPaint('nonsense', ['ar']).lang).toBe('ar');
  expect(beforeFirstPaint('ja', ['ar'], true).lang).toBe('ar');
});
