import { describe, expect, it } from 'vitest';
import { type Language, languages } from '../../src/i18n/languages';
import { pluralForms } from '../../src/i18n/plural';

type Part = string | { readonly [key: string]: Part };

const files = import.meta.glob<{ readonly [name: string]: Part }>(['../../src/i18n/*/*.ts', '!**/index.ts'], { eager: true });

/** Every message of a language by its key, `section.key`. */
function messagesOf(language: string): Map<string, string> {
  const found = new Map<string, string>();
  const walk = (node: Part, key: string) => {
    if (typeof node === 'string') found.set(key, node);
    else for (const [name, child] of Object.entries(node)) walk(child, key === '' ? name : `${key}.${name}`);
  };
  for (const [path, section] of Object.entries(files)) if (path.includes(`/i18n/${language}/`)) walk({ ...section }, '');
  return found;
}

const placesOf = (text: string) => [...new Set(text.match(/\{\w+\}/gu))].sort();
const english = messagesOf('en');

describe.each(Object.keys(languages).filter((language) => language !== 'en') as Language[])('%s', (language) => {
  const messages = messagesOf(language);
  const forms = pluralForms(language);

  it('has the words that English has, and no others', () => {
    expect(english.size).toBeGreaterThan(500);
    expect([...messages.keys()].sort()).toEqual([...english.keys()].sort());
    expect([...messages].filter(([, text]) => text.trim() === '')).toEqual([]);
  });

  it('has the places that English has', () => {
    const wrong = [...english].filter(([key, text]) => placesOf(messages.get(key) ?? '').join() !== placesOf(text).join());
    expect(wrong.map(([key]) => key)).toEqual([]);
  });

  it('has a choice for each of its forms where English has choices, and for none at all where English has', () => {
    const wrong = [...english].filter(([key, text]) => {
      const [of, has] = [text, messages.get(key) ?? ''].map((message) => message.split(' | ').length) as [number, number];
      const none = of > pluralForms('en').length && !forms.includes('zero') ? 1 : 0;
      return has !== (of === 1 ? 1 : forms.length + none);
    });
    expect(wrong.map(([key]) => key)).toEqual([]);
  });

  it('leaves no place out where the number is not in the words: in the form for all the others', () => {
    const wrong = [...english].filter(([key, text]) => {
      const last = (message: string) => placesOf(message.split(' | ').at(-1) ?? '').join();
      return last(messages.get(key) ?? '') !== last(text);
    });
    expect(wrong.map(([key]) => key)).toEqual([]);
  });

  it('is translated, but for what has no words of its own', () => {
    const same = [...english].filter(([key, text]) => messages.get(key) === text && /[a-z]/iu.test(text.replace(/\{\w+\}/gu, '')));
    expect(same.map(([key]) => key)).toEqual([
      'app.name',
      'app.titleUnread',
      'security.fileName',
      ...['mod', 'alt', 'shift', 'Escape', 'Enter'].map((key) => `shortcuts.keys.${key}`), // as they stand on the keys
    ]);
  });
});
