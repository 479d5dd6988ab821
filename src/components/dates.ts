/** Times and days as this reader writes them. */

export interface Dates {
  /** “14:05” */
  clock(time: number): string;
  /** “Today”, “Yesterday”, a weekday within a week, then the date. */
  day(time: number): string;
  /** Date and time in full, for a tooltip. */
  full(time: number): string;
  /** For rows of a list: “14:05” today, “Tue” within a week, “3 May” before. */
  short(time: number): string;
  /** Whether two times fall on the same day here. */
  sameDay(one: number, other: number): boolean;
}

const DAY_MS = 86_400_000;

const midnight = (time: number): number => new Date(time).setHours(0, 0, 0, 0);

/** Whole days from `now` to `time`, as the calendar here counts them; negative in the past. */
const daysFrom = (now: number, time: number): number => Math.round((midnight(time) - midnight(now)) / DAY_MS);

/** Dates for a BCP 47 tag in the time zone of this machine. A time that is none becomes an empty text. */
export const createDates = (locale: string, now: () => number = Date.now): Dates => {
  const format = (options: Intl.DateTimeFormatOptions): ((time: number) => string) => {
    const its = new Intl.DateTimeFormat(locale, options);
    return time => (Number.isNaN(new Date(time).getTime()) ? '' : its.format(time));
  };
  const clock = format({ timeStyle: 'short' });
  const weekday = format({ weekday: 'long' });
  const date = format({ day: 'numeric', month: 'long' });
  const dateAndYear = format({ day: 'numeric', month: 'long', year: 'numeric' });
  const shortWeekday = format({ weekday: 'short' });
  const shortDate = format({ day: 'numeric', month: 'short' });
  const shortDateAndYear = format({ day: 'numeric', month: 'short', year: 'numeric' });
  const near = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  const capital = (text: string): string => text.charAt(0).toLocaleUpperCase(locale) + text.slice(1);
  const thisYear = (time: number): boolean => new Date(time).getFullYear() === new Date(now()).getFullYear();
  return {
    clock,
    day: time => {
      const days = daysFrom(now(), time);
      if (days === 0 || days === -1) return capital(near.format(days, 'day'));
      if (days < 0 && days > -7) return capital(weekday(time));
      return thisYear(time) ? date(time) : dateAndYear(time);
    },
    full: format({ dateStyle: 'full', timeStyle: 'short' }),
    short: time => {
      const days = daysFrom(now(), time);
      if (days === 0) return clock(time);
      if (days < 0 && days > -7) return shortWeekday(time);
      return thisYear(time) ? shortDate(time) : shortDateAndYear(time);
    },
    sameDay: (one, other) => midnight(one) === midnight(other),
  };
};
