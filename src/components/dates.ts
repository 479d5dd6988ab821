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

export const createDates = (locale: string): Dates => {
  throw new Error(locale);
};
