import { describe, expect, it } from 'vitest';
import { dayAndTime, dayKey, dayLabel, daysAgo, lastSeenTime, listTime } from '../../src/i18n/time';

const now = new Date(2026, 10, 21, 12, 0).getTime(); // a Saturday
const at = (day: number, hour: number, minute = 0, month = 10, year = 2026) => new Date(year, month, day, hour, minute).getTime();
const join = (day: string, time: string) => `${day} at ${time}`;

describe('days', () => {
  it('are counted on the calendar, not in spans of 24 hours', () => {
    expect(daysAgo(at(20, 23, 59), now)).toBe(1);
    expect(daysAgo(at(21, 0, 1), now)).toBe(0);
    expect(daysAgo(at(21, 0, 1), at(22, 0, 0))).toBe(1);
    expect(dayKey(at(21, 0))).toBe('2026-11-21');
  });

  it('have labels as people say them', () => {
    expect(dayLabel(at(21, 8), now, 'en')).toBe('Today');
    expect(dayLabel(at(20, 8), now, 'en')).toBe('Yesterday');
    expect(dayLabel(at(17, 8), now, 'en')).toBe('Tuesday');
    expect(dayLabel(at(3, 8), now, 'en-GB')).toBe('3 November');
    expect(dayLabel(at(3, 8, 0, 10, 2025), now, 'en-GB')).toBe('3 November 2025');
    expect(dayLabel(at(20, 8), now, 'de')).toBe('Gestern');
  });
});

describe('times in the list', () => {
  it('are the clock today, then a word, then a date', () => {
    expect(listTime(at(21, 9, 5), now, 'en-GB')).toBe('09:05');
    expect(listTime(at(20, 9, 5), now, 'en-GB')).toBe('Yesterday');
    expect(listTime(at(18, 9), now, 'en-GB')).toBe('Wed');
    expect(listTime(at(1, 9), now, 'en-GB')).toBe('01/11/26');
  });

  it('of a clock that runs ahead count as today', () => {
    expect(listTime(now + 90_000, now, 'en-GB')).toBe('12:01');
  });
});

it('of days to come are a word, a weekday, or a date', () => {
  expect(dayAndTime(at(21, 20), now, 'en-GB')).toBe('today, 20:00');
  expect(dayAndTime(at(22, 9), now, 'en-GB')).toBe('tomorrow, 09:00');
  expect(dayAndTime(at(24, 9), now, 'en-GB')).toBe('Tuesday, 09:00');
  expect(dayAndTime(at(30, 9), now, 'en-GB')).toBe('30 November, 09:00');
  expect(dayAndTime(at(21, 20) + 200 * 86_400_000, now, 'en-GB')).toMatch(/2027, \d\d:00$/u);
});

it('of days to come stand as the language writes them', () => {
  expect(dayAndTime(at(22, 9), now, 'en-US')).toMatch(/^tomorrow, 9:00\sAM$/u);
  expect(dayAndTime(at(22, 9), now, 'ar')).toBe('غدًا، 9:00 ص');
  expect(dayAndTime(at(22, 9), now, 'ja')).toBe('明日 9:00');
});

describe('last seen', () => {
  it('goes from now over minutes to a day with its time', () => {
    expect(lastSeenTime(now - 20_000, now, 'en', join)).toBe('now');
    expect(lastSeenTime(now - 5 * 60_000, now, 'en', join)).toBe('5 minutes ago');
    expect(lastSeenTime(at(21, 9, 10), now, 'en-GB', join)).toBe('today at 09:10');
    expect(lastSeenTime(at(20, 9, 10), now, 'en-GB', join)).toBe('yesterday at 09:10');
    expect(lastSeenTime(at(2, 9, 10), now, 'en-GB', join)).toBe('2 November at 09:10');
  });
});
