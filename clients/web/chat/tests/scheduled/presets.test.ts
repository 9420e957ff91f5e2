import { expect, it } from 'vitest';
import { canBeDue, fieldsOf, laterPresets, timeOf } from '../../src/scheduled/presets';

/** A Saturday, in whichever time zone the test runs. */
const at = (hour: number, minute = 0, day = 21) => new Date(2026, 10, day, hour, minute);
const offered = (now: Date) =>
  laterPresets(now.getTime()).map(({ name, at: when }) => `${name} ${fieldsOf(when).day} ${fieldsOf(when).time}`);

it('offers times that are worth waiting for', () => {
  expect(offered(at(12, 2))).toEqual([
    'hour 2026-11-21 13:05',
    'evening 2026-11-21 20:00',
    'tomorrow 2026-11-22 09:00',
    'monday 2026-11-23 09:00',
  ]);
});

it('no evening where it has begun, and no Monday that is tomorrow', () => {
  expect(offered(at(21, 0))).toEqual(['hour 2026-11-21 22:00', 'tomorrow 2026-11-22 09:00', 'monday 2026-11-23 09:00']);
  expect(offered(at(12, 0, 22))).toEqual(['hour 2026-11-22 13:00', 'evening 2026-11-22 20:00', 'tomorrow 2026-11-23 09:00']);
  expect(offered(at(12, 0, 23)).at(-1)).toBe('monday 2026-11-30 09:00');
});

it('takes a day and a time as they stand in the fields, and only what can be', () => {
  const now = at(12).getTime();
  expect(timeOf('2026-11-21', '12:30')?.getTime()).toBe(at(12, 30).getTime());
  expect([timeOf('', '12:30'), timeOf('2026-11-21', '')]).toEqual([null, null]);
  expect([canBeDue(at(12), now), canBeDue(at(12, 1), now), canBeDue(new Date(2027, 11, 1), now)]).toEqual([false, true, false]);
});
