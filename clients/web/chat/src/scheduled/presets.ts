export type LaterPreset = 'hour' | 'evening' | 'tomorrow' | 'monday';

export interface PresetTime {
  readonly name: LaterPreset;
  readonly at: Date;
}

const MinuteMs = 60_000;
const EveningHour = 20;
const MorningHour = 9;
/** The bounds of the service, with a minute for the clocks to differ: from ten seconds to 366 days from now. */
const SoonestMs = MinuteMs;
const LatestMs = 366 * 24 * 60 * MinuteMs - MinuteMs;

/** What is offered to be chosen at once; each is a different time, the soonest first. */
export function laterPresets(nowMs: number): PresetTime[] {
  const five = 5 * MinuteMs;
  const hour = new Date(Math.ceil((nowMs + 60 * MinuteMs) / five) * five);
  const evening = clockOn(nowMs, 0, EveningHour);
  const tomorrow = clockOn(nowMs, 1, MorningHour);
  const monday = clockOn(nowMs, (8 - new Date(nowMs).getDay()) % 7 || 7, MorningHour);
  return [
    { name: 'hour' as const, at: hour },
    ...(evening > hour ? [{ name: 'evening' as const, at: evening }] : []),
    { name: 'tomorrow' as const, at: tomorrow },
    ...(monday.getTime() === tomorrow.getTime() ? [] : [{ name: 'monday' as const, at: monday }]),
  ];
}

function clockOn(nowMs: number, inDays: number, hour: number): Date {
  const day = new Date(nowMs);
  return new Date(day.getFullYear(), day.getMonth(), day.getDate() + inDays, hour);
}

/** As the page's fields for a day and a time have it, in the reader's time zone. */
export function fieldsOf(at: Date): { day: string; time: string } {
  const two = (n: number) => String(n).padStart(2, '0');
  return {
    day: `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`,
    time: `${two(at.getHours())}:${two(at.getMinutes())}`,
  };
}

/** Null where the fields are not filled in. */
export function timeOf(day: string, time: string): Date | null {
  const at = new Date(`${day}T${time}`);
  return Number.isNaN(at.getTime()) ? null : at;
}

export function canBeDue(at: Date, nowMs: number): boolean {
  const ahead = at.getTime() - nowMs;
  return ahead >= SoonestMs && ahead <= LatestMs;
}
