import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Announcements } from '../../src/message/announcements';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const make = () => new Announcements((count) => `${count} new messages`);
const textsOf = (news: Announcements) => news.shown.value.map(({ text }) => text);

it('two in one tick are both told, and the same words twice are two elements', () => {
  const news = make();
  news.add('Ben: ok');
  news.add('Ben: ok');
  vi.advanceTimersByTime(300);
  expect(textsOf(news)).toEqual(['Ben: ok', 'Ben: ok']);
  expect(new Set(news.shown.value.map(({ id }) => id)).size).toBe(2);
});

it('a storm is one sentence', () => {
  const news = make();
  for (let i = 0; i < 12; i += 1) news.add(`Ben: ${i}`);
  vi.advanceTimersByTime(300);
  expect(textsOf(news)).toEqual(['12 new messages']);
});

it('what comes while the last telling is read out is gathered', () => {
  const news = make();
  news.add('first');
  vi.advanceTimersByTime(300);
  for (let i = 0; i < 5; i += 1) {
    news.add(`later ${i}`);
    vi.advanceTimersByTime(300);
  }
  expect(textsOf(news)).toEqual(['first']);
  vi.advanceTimersByTime(600);
  expect(textsOf(news)).toEqual(['first', '5 new messages']);
});

it('what was told goes away by itself', () => {
  const news = make();
  news.add('first');
  vi.advanceTimersByTime(8_300);
  expect(textsOf(news)).toEqual([]);
});

it('nothing is told after the end', () => {
  const news = make();
  news.add('first');
  news.stop();
  vi.runAllTimers();
  expect(textsOf(news)).toEqual([]);
});
