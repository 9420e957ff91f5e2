// Times for people. Every function takes `now`, so that tests need no clock; words such as "yesterday" come from Intl.

const MinuteMs = 60_000;
const HourMs = 60 * MinuteMs;

/** Identity of a local calendar day, e.g. `2026-11-21`; equal exactly when two instants fall on the same day for the reader. */
export function dayKey(ms: number): string {
  const d = new Date(ms);
  return `${d.getFullYear()}-${String(d.getMonth() + 1).padStart(2, '0')}-${String(d.getDate()).padStart(2, '0')}`;
}

/** Whole local calendar days from `ms` to `nowMs`; 0 is today, 1 yesterday. Counted on the calendar, so a 23-hour day counts as one. */
export function daysAgo(ms: number, nowMs: number): number {
  const day = (t: number) => {
    const d = new Date(t);
    return Date.UTC(d.getFullYear(), d.getMonth(), d.getDate());
  };
  return Math.round((day(nowMs) - day(ms)) / (24 * HourMs));
}

/** To make one takes as long as a hundred uses of it, and every row of a list uses several. Anew when the reader's clock goes by another zone. */
const formats = new Map<string, Intl.DateTimeFormat>();

function format(ms: number, locale: string, options: Intl.DateTimeFormatOptions): string {
  const key = `${locale} ${new Date().getTimezoneOffset()} ${JSON.stringify(options)}`;
  const made = formats.get(key) ?? new Intl.DateTimeFormat(locale, options);
  formats.set(key, made);
  return made.format(ms);
}

export function clockTime(ms: number, locale: string): string {
  return format(ms, locale, { timeStyle: 'short' });
}

/** Text of a date chip: Today, Yesterday, a weekday within the week, else the date (with its year if that is another). */
export function dayLabel(ms: number, nowMs: number, locale: string): string {
  const ago = daysAgo(ms, nowMs);
  if (ago === 0 || ago === 1) return capitalise(relativeDay(ago, locale), locale);
  if (ago > 1 && ago < 7) return format(ms, locale, { weekday: 'long' });
  const sameYear = new Date(ms).getFullYear() === new Date(nowMs).getFullYear();
  return format(ms, locale, { day: 'numeric', month: 'long', ...(sameYear ? {} : { year: 'numeric' as const }) });
}

/** Time in the chat list: the clock today, then Yesterday, a short weekday, the date. */
export function listTime(ms: number, nowMs: number, locale: string): string {
  const ago = daysAgo(ms, nowMs);
  if (ago <= 0) return clockTime(ms, locale);
  if (ago === 1) return capitalise(relativeDay(1, locale), locale);
  if (ago < 7) return format(ms, locale, { weekday: 'short' });
  return format(ms, locale, { day: '2-digit', month: '2-digit', year: '2-digit' });
}

/** So little ago that no number says it better. */
export function isJustNow(ms: number, nowMs: number): boolean {
  return nowMs - ms < MinuteMs;
}

/** "5 minutes ago", "today at 14:05", "yesterday at 09:10", "12 November at 18:00": when someone was last here. */
export function lastSeenTime(ms: number, nowMs: number, locale: string, at: (day: string, time: string) => string): string {
  const age = Math.max(0, nowMs - ms);
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  if (isJustNow(ms, nowMs)) return relative.format(0, 'second');
  if (age < HourMs) return relative.format(-Math.floor(age / MinuteMs), 'minute');
  const ago = daysAgo(ms, nowMs);
  const day = ago <= 1 ? relativeDay(ago, locale) : format(ms, locale, { day: 'numeric', month: 'long' });
  return at(day, clockTime(ms, locale));
}

/** A day to come and its time: "today, 14:05", "tomorrow, 09:00", a weekday within the week, else the date. */
export function dayAndTime(ms: number, nowMs: number, locale: string): string {
  const ahead = -daysAgo(ms, nowMs);
  const time = clockTime(ms, locale);
  if (ahead === 0 || ahead === 1) return `${relativeDay(-ahead, locale)}${comma(locale)}${time}`;
  if (ahead > 1 && ahead < 7) return `${format(ms, locale, { weekday: 'long' })}${comma(locale)}${time}`;
  const sameYear = new Date(ms).getFullYear() === new Date(nowMs).getFullYear();
  const day = format(ms, locale, { day: 'numeric', month: 'long', ...(sameYear ? {} : { year: 'numeric' as const }) });
  return `${day}${comma(locale)}${time}`;
}

/** Full date and time, for tooltips and screen readers. */
export function fullTime(ms: number, locale: string): string {
  return format(ms, locale, { dateStyle: 'full', timeStyle: 'short' });
}

function relativeDay(ago: number, locale: string): string {
  return new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(-ago, 'day');
}

/** What the language writes between a day and its time: `, `, `، `, or a space. */
function comma(locale: string): string {
  const parts = new Intl.DateTimeFormat(locale, { dateStyle: 'short', timeStyle: 'short' }).formatToParts(0);
  return parts[parts.findIndex(({ type }) => type === 'hour') - 1]?.value ?? ' ';
}

/** For what comes out of Intl in small letters and stands first. */
export function capitalise(text: string, locale: string): string {
  return text.slice(0, 1).toLocaleUpperCase(locale) + text.slice(1);
}
