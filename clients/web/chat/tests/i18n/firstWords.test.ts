// @vitest-environment happy-dom
import { beforeEach, expect, it, vi } from 'vitest';
import { firstWords } from '../../src/i18n/firstWords';

const speak = vi.fn(async (_tag: string) => true);
vi.mock('../../src/i18n', () => ({ speak: (tag: string) => speak(tag) }));
const away = new TypeError('Failed to fetch dynamically imported module');
const reload = vi.fn();
let place: HTMLElement;

beforeEach(() => {
  speak.mockReset();
  reload.mockReset();
  place = document.createElement('div');
  Object.assign(document.documentElement, { lang: 'ar-EG', dir: 'rtl' });
});

it('the page speaks as it was asked to', async () => {
  expect(await firstWords('ar-EG', place, reload)).toBe(true);
  expect([speak.mock.calls, document.documentElement.dir, place.childNodes.length]).toEqual([[['ar-EG']], 'rtl', 0]);
});

it('where the words of its language do not come, it speaks English, from left to right', async () => {
  speak.mockRejectedValueOnce(away);
  expect(await firstWords('ar-EG', place, reload)).toBe(true);
  expect([speak.mock.lastCall, document.documentElement.lang, document.documentElement.dir]).toEqual([['en'], 'en', 'ltr']);
});

it.each([
  ['ar-EG', 'تعذّر'],
  ['ja', 'ページ'],
  ['en', 'The page'],
])('where no words come, it says so in %s and is loaded again', async (tag, text) => {
  speak.mockRejectedValue(away);
  expect(await firstWords(tag, place, reload)).toBe(false);
  expect(place.querySelector('[role=alert]')?.textContent).toContain(text);
  place.querySelector('button')?.click();
  expect(reload).toHaveBeenCalledOnce();
});
